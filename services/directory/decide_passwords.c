/* What may become a password: long enough, and not among those that are tried first. */
#include <string.h>
#include <strings.h>

#include "services/directory/directory.h"

/* The most used ones of at least eight characters; letters count as small. Shorter ones are refused anyway.
 */
static const char *const common_passwords[] = {
    "00000000",     "000000000",    "0000000000", "0123456789",   "01234567",      "0987654321",
    "10203040",     "11111111",     "111111111",  "1111111111",   "11112222",      "11223344",
    "1122334455",   "112233445566", "12121212",   "12301230",     "123123123",     "1231231234",
    "12341234",     "12344321",     "12345678",   "123456789",    "1234567890",    "12345678910",
    "123456789a",   "123456789q",   "1234567a",   "1234567q",     "1234abcd",      "1234qwer",
    "123454321",    "12qwaszx",     "147258369",  "159753456",    "1a2b3c4d",      "1q2w3e4r",
    "1q2w3e4r5t",   "1q2w3e4r5t6y", "1qaz2wsx",   "1qaz2wsx3edc", "1qazxsw2",      "22222222",
    "33333333",     "44444444",     "55555555",   "66666666",     "77777777",      "87654321",
    "88888888",     "987654321",    "9876543210", "99999999",     "999999999",     "a1234567",
    "a12345678",    "a123456789",   "aa123456",   "aaaaaaaa",     "abc12345",      "abcd1234",
    "abcdefgh",     "abcdefghi",    "access14",   "admin123",     "administrator", "alexander",
    "asdf1234",     "asdfasdf",     "asdfghjk",   "asdfghjkl",    "baseball",      "basketball",
    "bismillah",    "blink182",     "butterfly",  "changeme",     "changeme1",     "charlie1",
    "chocolate",    "computer",     "corvette",   "danielle",     "dearbook",      "december",
    "elephant",     "facebook",     "football",   "football1",    "fuckyou1",      "garfield",
    "godisgood",    "hallo123",     "hello123",   "iloveyou",     "iloveyou1",     "internet",
    "jennifer",     "jonathan",     "juventus",   "letmein1",     "liverpool",     "lovelove",
    "manchester",   "marlboro",     "maverick",   "mercedes",     "michelle",      "midnight",
    "mustang1",     "myspace1",     "nicholas",   "november",     "p@ssw0rd",      "p@ssword",
    "pa$$w0rd",     "pa55word",     "pass1234",   "passw0rd",     "passwort",      "passwort1",
    "password",     "password!",    "password1",  "password1!",   "password12",    "password123",
    "password1234", "princess",     "princess1",  "q1w2e3r4",     "q1w2e3r4t5",    "qazwsxedc",
    "qqww1122",     "qwer1234",     "qwerasdf",   "qwertyui",     "qwertyuiop",    "qwerty12",
    "qwerty123",    "qwerty1234",   "samantha",   "secret123",    "september",     "skywalker",
    "snowball",     "starwars",     "steelers",   "sunshine",     "sunshine1",     "superman",
    "superman1",    "swordfish",    "target123",  "test1234",     "testtest",      "trustno1",
    "unknown1",     "victoria",     "welcome1",   "welcome123",   "whatever",      "william1",
    "yourmom1",     "zaq12wsx",     "zaq1zaq1",   "zxcvbnm1",     "zxcvbnm123",
};

bool directory_password_is_common(const char *password)
{
    for (size_t i = 0; i < sizeof common_passwords / sizeof *common_passwords; i++)
        if (strcasecmp(common_passwords[i], password) == 0)
            return true;
    return false;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

bool directory_password_check(const char *password, const char *field, struct refusal *no)
{
    /* 1: at least eight characters */
    if (!password || characters(password) < DIRECTORY_PASSWORD_MIN)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "a password has at least %d characters",
                      DIRECTORY_PASSWORD_MIN);
    /* 2: at most 1,024 bytes */
    if (strlen(password) > DIRECTORY_PASSWORD_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "a password has at most %d bytes",
                      DIRECTORY_PASSWORD_MAX);
    /* 3: not one of those that are tried first */
    if (directory_password_is_common(password))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                      "this is one of the most used passwords; choose another");
    return true;
}
