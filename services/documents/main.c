/* The main of documents. */
#include "base/log.h"
#include "preview/sandbox.h"
#include "service/service.h"
#include "services/documents/documents.h"
#include "texts/texts.h"

static void *open_texts(const char *dir)
{
    return texts_open(dir);
}

static void close_texts(void *texts)
{
    texts_close(texts);
}

static const struct view_def view = {open_texts, close_texts};

int main(int argc, char **argv)
{
    const struct sandbox sandbox = {.name = NULL}; /* as it is installed */
    char why[200];
    log_name(documents_service.name);
    if (!sandbox_works(&sandbox, why, sizeof why))
        log_warning("preview", "files can only be downloaded, for nothing can be read safely here: %s", why);
    return service_main_view(argc, argv, &documents_service, &view);
}
