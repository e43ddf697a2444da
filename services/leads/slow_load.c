/* Reading mails in the service itself: the library that can is loaded with the first mail. What it stands on
   takes memory that a deployment without mails does not spend, and time at the start. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/leads/mail.h"

static const char NAME[] = "baton-mail.so";

void leads_mail_read(struct leads_mail *mail)
{
    void *library = beside_load(NAME);
    void *found = library ? dlsym(library, "leads_mail_read") : NULL;
    void (*read)(struct leads_mail *);
    if (!found) {
        log_failure("mail", "%s cannot be loaded: %s", NAME, dlerror());
        return;
    }
    memcpy(&read, &found, sizeof read); /* C has no cast from one to the other */
    read(mail);
}
