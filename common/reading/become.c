/* poppler's tools and LibreOffice: what they are called with. */
#include "reading/become.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char OFFICE[] = "/usr/lib/libreoffice/program/soffice.bin", MADE[] = "/scratch/in.pdf";

enum ask_status become(const char *const *words)
{
    execv(words[0], (char *const *)words);
    perror(words[0]);
    return ASK_NONE;
}

enum ask_status become_pdf_text(void)
{
    return become((const char *const[]){"/usr/bin/pdftotext", "-enc", "UTF-8", "-eol", "unix", "/dev/stdin",
                                        "-", NULL});
}

enum ask_status become_pdf_count(void)
{
    return become((const char *const[]){"/usr/bin/pdfinfo", "/dev/stdin", NULL});
}

enum ask_status become_pdf_page(const char *page, const char *side)
{
    return become((const char *const[]){"/usr/bin/pdftoppm", "-png", "-singlefile", "-f", page, "-l", page,
                                        "-scale-to", side, "/dev/stdin", NULL});
}

/* --- LibreOffice --- */

static bool copy_all(int from, int to)
{
    enum { PIECE = 1 << 20 };
    off_t at = 0;
    ssize_t n;
    while ((n = sendfile(to, from, &at, PIECE)) > 0 || (n < 0 && errno == EINTR))
        ;
    return n == 0;
}

static bool copy_in(const char *path)
{
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_there = to >= 0 && copy_all(STDIN_FILENO, to);
    return to >= 0 && close(to) == 0 && is_there;
}

/* What it says about its progress is not part of the answer. */
static enum ask_status convert(const char *path, bool (*confined)(void *arg), void *arg)
{
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0 || !confined(arg))
        return ASK_TOO_MUCH;
    return become((const char *const[]){OFFICE, "--headless", "--norestore", "--nologo", "--nodefault",
                                        "-env:UserInstallation=file:///scratch/office", "--convert-to", "pdf",
                                        "--outdir", "/scratch", path, NULL});
}

/* The status it ends with; -1: it was killed, or could not be begun. */
static int convert_once(const char *path, bool (*confined)(void *arg), void *arg)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        _exit((int)convert(path, confined, arg));
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum ask_status become_office(const char *extension, bool (*confined)(void *arg), void *arg)
{
    enum {
        AGAIN = 81
    }; /* it has made itself at home, as it does the first time, and wants to be begun once more */
    char path[40];
    (void)snprintf(path, sizeof path, "/scratch/in.%s", extension); /* it fits */
    if (access(OFFICE, X_OK) != 0)
        return ASK_NONE;
    if (!copy_in(path))
        return ASK_TOO_MUCH;
    int status = convert_once(path, confined, arg);
    if (status == AGAIN)
        status = convert_once(path, confined, arg);
    if (status < 0 || !confined(arg))
        return ASK_TOO_MUCH;
    int made = open(MADE, O_RDONLY | O_CLOEXEC);
    return made >= 0 && copy_all(made, STDOUT_FILENO) ? ASK_DONE : ASK_BROKEN;
}
