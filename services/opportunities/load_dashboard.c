/* Who sees which dashboard. */
#include "services/opportunities/rows.h"

enum record_reach opportunities_row_dashboard_reach(struct load *l, const ProtobufCMessage *row,
                                                    const Baton__Actor *actor)
{
    (void)l; /* the row says it all */
    return dashboard_reach((const Baton__Dashboard *)row, actor);
}
