/* Stops the build where the permission table and the schema disagree.

   check_permissions TABLE */
#include <stdio.h>

#include "matrix/table.h"

int main(int argc, char **argv)
{
    static struct table table;
    if (argc != 2) {
        fprintf(stderr, "usage: check_permissions TABLE\n");
        return 2;
    }
    schema_load();
    return table_read(&table, argv[1]) == 0 ? 0 : 1;
}
