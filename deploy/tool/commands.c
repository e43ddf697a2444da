/* The table of the tool's commands, in the order in which its help names them; those of sales stand behind it
   (commands_sales.c). */
#include "tool/tool.h"

static const struct tool_command commands[] = {
    {NULL, "up", tool_up, "[--port N] [--address A] [--public-url U] [--private-network] [--demo]",
     "starts Baton and keeps it running",
     "Starts every service and the gateway from the folder of this program, waits until all are ready\n"
     "and prints the address and, until it has been used, the one-time set-up link. A service that dies\n"
     "is started again. Ctrl-C or SIGTERM lets every service finish what it has begun and exits 0.\n\n"
     "  --port N         port of the gateway (default 8080; 0: any free one)\n"
     "  --address A      address to listen on (default 127.0.0.1; put a proxy with TLS in front of others)\n"
     "  --public-url U   how browsers reach Baton, if not by that address\n"
     "  --private-network  mail servers and endpoints may be at private addresses, on any port, and without\n"
     "                   encryption\n"
     "  --demo           builds a made-up company and lets a new lead arrive every few seconds\n"},
    {NULL, "status", tool_status, "", "how each service is", "Ends with 3 if Baton does not answer.\n"},
    {NULL, "tail", tool_tail, "[--from-start]", "shows events of all services as they happen",
     "One line an event; with --json one log record a line. Reads the bus directly, on the same machine.\n\n"
     "  --from-start     everything there ever was, then what comes\n"},
    {NULL, "verify", tool_verify, "", "proves that no lead is lost and no row differs from the log",
     "For each service: every page of the store and the checksum of every entry; the log's hash chain;\n"
     "every row rebuilt from the log and compared byte for byte; indexes and timers; replies to requests;\n"
     "effects of and position in every followed log; for leads: received = held + merged + rejected. May "
     "run\n"
     "beside a running Baton or on a backup (--data FOLDER). Ends with 4 if anything is wrong.\n"},
    {NULL, "backup", tool_backup, "FOLDER", "copies everything into a folder, while Baton runs or not",
     "Copies each service's store, followers before whom they follow, and the administrator's token. The\n"
     "folder is made, or must be empty; backup.json is written last: without it, it is no backup.\n"},
    {NULL, "restore", tool_restore, "BACKUP [--only SERVICE] [--replace]",
     "puts a backup into the data folder",
     "Baton must not run there. Every file is checked before anything is touched. A service that is in the\n"
     "data folder already is only replaced on demand. Where one service alone is restored, those that\n"
     "follow it may have read further than it now reaches: they stand still until `baton rejoin`.\n\n"
     "  --only SERVICE   this one alone\n"
     "  --replace        moves what is there to replaced-TIME/ in the data folder; says who was erased "
     "since\n"},
    {NULL, "compact", tool_compact, "", "leaves no byte of what was erased, deleted or changed",
     "Baton must not run there. Each store that is not damaged is written anew without what its file has\n"
     "room in again; the index of what documents say is made anew at the next start, PDFs with a watermark\n"
     "when they are asked for. It takes as much room as the largest store has. Backups, and what `restore\n"
     "--replace` has moved aside, are yours to remove. What stays: what an older Baton logged unsealed of\n"
     "quotes, their letters and orders of printed material, and left of whoever it erased; and whom a link\n"
     "to a document is for, and its watermark.\n"},
    {NULL, "rejoin", tool_rejoin, "FOLLOWER FOLLOWED",
     "lets a service go on where the one it follows was restored",
     "Where `baton status` says that a service stands still because what it follows was restored from an\n"
     "older backup or set up anew, and there is no newer backup to restore: FOLLOWER goes on from where\n"
     "FOLLOWED is now. What it has made of records that are gone stays, and is counted. Copies it keeps of\n"
     "the other's records become what they are there. Written down in its log.\n"},
    {NULL, "demo", tool_demo, "[--live]", "builds a made-up company (see `up --demo`)",
     "Does nothing if a company is there already.\n\n"
     "  --live           then lets a new lead arrive every 2 to 5 seconds, until it is stopped\n"},
    {"lead", "capture", tool_lead_capture, "--email E [--company C] [--FIELD VALUE]...",
     "brings in one lead and says who got it and why",
     "Every field of a lead is an option: --first-name, --address-country, --product-interest and so on.\n"
     "--source sets the lead's source (default \"console\"). `baton lead capture --fields` lists them.\n\n"
     "  --acknowledge    its customer is written to at once, as by a web form\n"},
    {"lead", "import", tool_lead_import,
     "FILE.csv [--map FIELD=COLUMN]... [--with FILE.csv:COLUMN] [--dry-run]", "brings in a CSV file",
     "The character set, the delimiter and what each column means are guessed and shown first; columns\n"
     "that mean nothing to a lead go into its message. Rows that are rejected or refused go to\n"
     "FILE.csv.rejects.csv with the reason; the exit code is 0 once every row has an answer. Importing the\n"
     "same file again adds nothing.\n\n"
     "  --map FIELD=COLUMN          what a column is; FIELD= for none; COLUMN*1000 multiplies its numbers\n"
     "  --source NAME               the leads' source (default: the file's name without .csv)\n"
     "  --with FILE.csv:COLUMN      adds another file's columns to the rows with the same value in COLUMN\n"
     "  --with FILE.csv:THEIRS=OURS the same where the column has another name there\n"
     "  --delimiter C, --charset S  instead of guessing\n"
     "  --rejects FILE              where rows that are not taken go\n"
     "  --acknowledge               their customers are written to; nobody expects it of an old list\n"
     "  --dry-run                   shows how the file would be read, and brings in nothing\n"},
    {"lead", "explain", tool_lead_explain, "ID [--for USER-ID]",
     "why a lead went where it went, and why not to that user", NULL},
    {"lead", "show", tool_lead_show, "ID | EMAIL", "all there is to know of a lead, on one page",
     "Who it is, where it came from, who holds it and until when, what is missing, every decision with its\n"
     "reasons, what its customer was written, what was merged into it and who follows it. By an address: "
     "the\n"
     "newest lead of it, and which others there are.\n"},
    {"lead", "take", tool_lead_take, "POOL-ID", "takes the next lead of a queue",
     "Of those the caller can have: the one that has waited longest, or, where the queue's rule ranks by "
     "score,\n"
     "the one with the highest score.\n"},
    {"lead", "close", tool_lead_close, "ID --reason R [--text T]", "nothing will come of a lead",
     "Also a converted one, where the conversion was a mistake: what was made of it stays.\n\n"
     "  --reason R       not-interested, no-answer, no-budget, bought-elsewhere, does-not-fit, other\n"
     "  --text T         the same in words; needed with other\n"},
    {"lead", "reopen", tool_lead_reopen, "ID", "a closed lead is worked on again",
     "By who held it; if they have left, by whom the rules find. One at rest, too.\n"},
    {"lead", "pause", tool_lead_pause, "ID --until DATE --reason R", "the customer is waited for",
     "Its deadlines stand still until then, and go on with the working time that was left. At most 90 days\n"
     "at once, and ten times for a lead.\n\n"
     "  --until DATE     2026-12-28 (midnight UTC) or 2026-12-28T08:00:00+01:00\n"
     "  --reason R       why, in words\n"},
    {"lead", "resume", tool_lead_resume, "ID", "a paused lead's deadlines go on", NULL},
    {"lead", "recycle", tool_lead_recycle, "ID --until DATE --reason R", "the lead is at rest until a day",
     "Then it comes back to who holds it or, if they are away, to whom the rules find.\n"},
    {"policy", "show", tool_policy_show, "[--version N]",
     "the routing rules in force, or another version of them",
     "With --json as the other commands read it: change it, check it, draft or publish it.\n"},
    {"policy", "check", tool_policy_check, "[FILE.json | --version N]",
     "says what is wrong or odd about a policy",
     "Without a file or a version, about the one in force: rules that are never used because an earlier one "
     "is\n"
     "for all their leads, conditions that never hold together, pools that nobody can get a lead from, "
     "leads\n"
     "that no rule is for. Ends with 1 if it cannot be published.\n"},
    {"policy", "diff", tool_policy_diff, "A B",
     "what is different in B: rules that came, went, moved or changed",
     "A and B are numbers of versions, `now` for the one in force, or files. Rules are told apart by their\n"
     "names.\n"},
    {"policy", "draft", tool_policy_draft, "FILE.json [--version N]",
     "keeps a policy that decides nothing yet",
     "  --version N      the draft it replaces; without: a new version\n"},
    {"policy", "publish", tool_policy_publish, "FILE.json | --version N", "puts a policy or a draft in force",
     "`baton policy replay --policy FILE.json` tells first who would have got what by it.\n"},
    {"policy", "rollback", tool_policy_rollback, "[--version N]", "puts an earlier version in force again",
     "  --version N      this one; without: the one that was in force before the present one was "
     "published\n"},
    {"policy", "dry-run", tool_policy_dry_run,
     "[FILE.json | --version N] [--lead ID | --email E --company C ...]", "who would get a lead now, and why",
     "Without a file or a version by the policy in force. The lead is one that is there, as if it came now "
     "and\n"
     "nobody held it, or what the options say; `baton lead capture --fields` lists them. Changes nothing.\n"},
    {"policy", "shadow", tool_policy_shadow, "VERSION | status | end",
     "lets a version decide beside the one in force",
     "At every routing decision it says whom it would have given the lead to, on a fair share of its own "
     "that\n"
     "begins anew; nobody gets a lead by it. `status` tells who would have had how many since, `end` tells "
     "it\n"
     "for the last time. What people hold is what they really hold.\n"},
    {"policy", "replay", tool_policy_replay,
     "[--policy FILE.json | --version N] [--from DAY] [--to DAY] [--csv FILE] [--svg FILE]",
     "makes every routing decision of the log again",
     "Reads the store of leads beside a running Baton or in a backup (--data FOLDER) and changes nothing.\n"
     "Without a policy it proves that the policies of then give the same owners, reasons and shares, bit\n"
     "for bit, and ends with 4 if one decision comes out otherwise. With a policy it tells who would have\n"
     "got how many leads, which deadlines would have been missed, and which leads another would hold now.\n"
     "What people did with a lead is taken from the log where the same person has it; another answers it\n"
     "when it was answered there, and their deadlines are estimated by what they let pass until then.\n\n"
     "  --policy FILE.json  this policy, as `baton policy show --json` writes it; - is standard input\n"
     "  --version N         this version of the policy\n"
     "  --from DAY          the other policy decides from this day on, and only then is counted\n"
     "  --to DAY            goes no further\n"
     "  --list N, --skip N  how many of the leads that change hands are listed (20), and from where on\n"
     "  --csv FILE          people, pools and months as a table\n"
     "  --svg FILE          a picture: leads before and after, and who loses them to whom\n"},
    {"score", "explain", tool_score_explain, "LEAD", "what a lead's score is made of", NULL},
    {"score", "learn", tool_score_learn,
     "FILE.csv --outcome COLUMN [--won TEXT] [--name NAME] [--map FIELD=COLUMN]... [--leave COLUMN]...",
     "learns from what became of leads of the past",
     "Rows in the order of time, the oldest first. Columns that are no field of a lead become attributes of\n"
     "it, under the column's name. Leave out what was not known when the lead came in, such as the length "
     "of\n"
     "a call. Learning the same file again counts nothing twice.\n\n"
     "  --outcome COLUMN   whether it converted\n"
     "  --won TEXT         what stands there if it did (default: yes, true, 1, won or converted)\n"
     "  --name NAME        of this history, to forget it by (default: the file's name)\n"
     "  --map FIELD=COLUMN what a column is; FIELD= for none\n"
     "  --leave COLUMN     is not looked at\n"},
    {"score", "forget", tool_score_forget, "NAME", "takes a history back, exactly", NULL},
    {"lead", "merge", tool_lead_merge, "SURVIVOR ID...", "makes several leads of one customer one",
     "The survivor goes on. The others keep what they say, stay readable, and `baton lead unmerge` takes "
     "them\n"
     "out again. Whoever holds the survivor is told.\n"},
    {"lead", "unmerge", tool_lead_unmerge, "ID", "gives a merged lead back as it was", NULL},
    {"lead", "duplicates", tool_lead_duplicates, "ID",
     "what was merged into a lead, and what may be the same customer", NULL},
    {"form", "list", tool_form_list, "", "all web forms", NULL},
    {"form", "show", tool_form_show, "NAME", "what a form asks for", "With --json as `form set` reads it.\n"},
    {"form", "set", tool_form_set, "FILE.json", "makes a form, or makes it what the file says",
     "The file is the whole form; - is standard input. Its page is /forms/NAME, no script needed:\n\n"
     "  {\"name\": \"quote\", \"title\": \"Get a quote\", \"language\": \"en\",\n"
     "   \"leadSource\": \"Web site\", \"campaignId\": \"spring\", \"product\": \"Relay\",\n"
     "   \"thankYou\": \"We answer within a day.\", \"allowedOrigins\": [\"https://www.example\"],\n"
     "   \"hidden\": [{\"name\": \"segment\", \"value\": \"b2b\"}],\n"
     "   \"fields\": [\n"
     "     {\"name\": \"email\", \"label\": \"E-mail\", \"kind\": \"FORM_FIELD_KIND_EMAIL\", \"required\": "
     "true},\n"
     "     {\"name\": \"size\", \"label\": \"Your fleet\", \"kind\": \"FORM_FIELD_KIND_CHOICE\",\n"
     "      \"choices\": [\"1 to 10\", \"more\"], \"help\": \"Cars and lorries.\"}]}\n\n"
     "Kinds: TEXT, EMAIL, PHONE, LONG_TEXT, CHOICE, NUMBER, DATE, COUNTRY, CONSENT, FILE. Usual names "
     "(name,\n"
     "first_name, company, email, phone, country, message ...) go to their places in the lead, the rest "
     "into\n"
     "its message. Also: introduction, submitLabel, themeColour (#1d4ed8), redirectUrl, trapField, "
     "partnerId,\n"
     "leastSeconds (what is sent sooner after its page was shown is a machine's);\n"
     "of a field: placeholder, maxLength. Texts of the page's own are English, German (de), Chinese "
     "(zh-Hant).\n"},
    {"form", "snippet", tool_form_snippet, "NAME [--html] [--url U]", "what to paste into another web site",
     "A script that shows the form in a frame as high as it is, and hands on what the page's address says "
     "of\n"
     "a campaign. The site must be among the form's allowedOrigins.\n\n"
     "  --html           the form itself instead, without any style, for any site\n"
     "  --url U          how browsers reach Baton, if not by the address it listens on\n"},
    {"mailbox", "set", tool_mailbox_set, "NAME --host H --user U [--folder F] [--after A | --move-to F]",
     "watches a mailbox: each mail becomes a lead, once",
     "By IMAP, told of new mails at once where the server can. All mails that are in the folder are taken "
     "in.\n"
     "Asks for the password on a terminal, otherwise reads the first line of standard input; it is kept in\n"
     "mailboxes.json in the data folder, which only its owner can read.\n\n"
     "  --security S     tls (default), starttls, or none (only on this machine)\n"
     "  --port N         default: 993, or 143 without tls\n"
     "  --folder F       default: INBOX\n"
     "  --after A        what is done with a mail that was taken in: leave (default) or seen\n"
     "  --move-to F      it is moved to this folder\n"
     "  --product P      the product interest of leads that come from here\n"
     "  --ca-file FILE   certificates (PEM) that vouch for the server, instead of those this machine "
     "trusts\n"},
    {"mailbox", "test", tool_mailbox_test, "NAME", "connects to a mailbox and says what is there", NULL},
    {"mailbox", "list", tool_mailbox_list, "", "which mailboxes are watched, and how each is", NULL},
    {"mailbox", "remove", tool_mailbox_remove, "NAME", "a mailbox is not watched any more", NULL},
    {"user", "add", tool_user_add, "--email E --name N [--role R] [--team T]", "adds somebody",
     "  --role R         admin, manager, rep (default), inside, service, partner\n"
     "  --team T         a team's name\n"
     "  --time-zone Z    IANA name; default: the organisation's\n"
     "  --capacity N     most leads held open at once; default: no limit\n"},
    {"user", "list", tool_user_list, "", "everybody who works here", NULL},
    {"user", "deactivate", tool_user_deactivate, "EMAIL",
     "ends somebody's access and hands on what they hold",
     "Open leads go to whoever is next; accounts, contacts, opportunities and planned activities to the "
     "team's\n"
     "manager, else to the last resort; what was shared with them ends; what they did and wrote stays "
     "theirs.\n"
     "Waits up to 30 s and says how many of what went.\n"},
    {"user", "password", tool_user_password, "EMAIL", "sets a password",
     "Asks for it on a terminal, otherwise reads the first line of standard input.\n"},
    {"user", "sessions", tool_user_sessions, "EMAIL", "where somebody is signed in", NULL},
    {"user", "end", tool_user_end, "EMAIL|SESSION", "ends somebody's sessions, or one by its id", NULL},
    {"team", "add", tool_team_add, "NAME [--manager EMAIL] [--parent TEAM]", "adds a team", NULL},
    {"team", "list", tool_team_list, "", "all teams", NULL},
    {"team", "import", tool_team_import, "FILE.csv [--policy]", "adds teams and people from a CSV file",
     "Columns are recognised by their names: the person (agent, name), manager, office (region, branch) and\n"
     "e-mail. Makes a territory and a pool for each office, a manager and a team for each manager, and a\n"
     "representative for each row. Without an e-mail column people get first.last@example.invalid. Safe to\n"
     "repeat.\n\n"
     "  --policy         also publishes routing rules: the alphabet is shared out over the offices and a\n"
     "                   company goes by its first letter, so that the same company meets the same office;\n"
     "                   everything else goes to a pool of all\n"},
    {"forecast", "changes", tool_forecast_changes, "FROM [--to DAY] [--period P] [--user U] [--product CODE]",
     "what changed of a period between two days",
     "FROM is a day; the end of it counts. Without --to until now.\n\n"
     "  --period P       2026-10, 2026-Q4 or 2026; without: the quarter it is now\n"
     "  --user U         an e-mail address; with all below\n"},
    {"forecast", "adjust", tool_forecast_adjust, "PERIOD CURRENCY AMOUNT [--user U --reason R]",
     "says what a period will come to",
     "One's own number, or with --user what a manager above makes of it. AMOUNT is like 12500.00; `none` "
     "takes\n"
     "it back.\n\n"
     "  --user U         an e-mail address\n"
     "  --reason R       why; needed where it is about somebody else\n"},
    {NULL, "forecast", tool_forecast,
     "[--period P] [--as-of DAY] [--by people|deals|accuracy] [--user U | --team T] [--product CODE]",
     "what a period comes to, and what it will",
     "By people: quota, closed, commit, best case, pipeline of whoever is directly below. By deals: P10, P50 "
     "and\n"
     "P90 and each deal's chance, learned from how earlier deals went, with the seed that they were drawn "
     "by. By\n"
     "accuracy: what was said at the end of the period's first day (or of --as-of), and what came.\n\n"
     "  --period P       2026-10, 2026-Q4 or 2026; without: the quarter it is now\n"
     "  --as-of DAY      as it was at the end of that day\n"
     "  --user U         an e-mail address; with all below\n"
     "  --team T         by name: everybody there, each alone\n"
     "  --seed N         by deals: draws the same again\n"
     "  --currency C     by deals: of deals in it\n"},
    {NULL, "analysis", tool_analysis,
     "[MEASURE... [--by X[,Y]] [--period P] [--compare] [--user U] [--detail D] [--currency C] [--largest]"
     " [--csv]]",
     "what was done and what came of it",
     "Without a measure: which there are.\n\n"
     "  --by X           owner, team, territory, pipeline, month or detail; up to two\n"
     "  --period P       2026-10, 2026-Q4 or 2026; without: the quarter it is now\n"
     "  --compare        with the same of as long before\n"
     "  --user U         an e-mail address; with all below\n"
     "  --detail D       of this stage, reason or product alone\n"
     "  --currency C     amounts in it, at the dated rates there are\n"
     "  --largest        the largest first\n"
     "  --csv            as CSV, without a total\n"},
    {NULL, "adoption", tool_adoption, "[--weeks N] [--user U]", "who enters what, how late and how complete",
     "  --weeks N        so many, the one it is now among them; without: 4\n"
     "  --user U         an e-mail address; with all below\n"},
    {NULL, "advice", tool_advice, "[--user U]", "what stands out: territories, people, deals at risk",
     "  --user U         an e-mail address; with all below\n"},
    {"quota", "list", tool_quota_list, "", "what everybody is to sell", NULL},
    {"quota", "set", tool_quota_set, "FILE.csv [OPTION]...", "sets quotas from a CSV file",
     "Columns: period (2026-10, 2026-Q4, 2026, or a day in it), amount, currency, and one of email, team or "
     "territory;\n"
     "none of them is the house. A product's code is a quota of that product alone. What is there of the "
     "same "
     "whom,\n"
     "product and period gets the new amount; quotas of the same that overlap are refused. It is `baton "
     "catalogue\n"
     "import --as quotas`, and takes the options of that.\n"},
    {"template", "list", tool_template_list, "", "what customers are written when their lead arrives", NULL},
    {"template", "set", tool_template_set,
     "NAME [--subject S] [--body FILE] [--product P] [--language L] [--written-in L]",
     "makes or changes such a text",
     "Fields stand in braces; what may be missing of a lead stands with what is written instead, or in\n"
     "brackets, the first part of which nothing is missing:\n"
     "  Dear {lead.name|customer}, [{owner.name} will call you by {due}.|{owner.name} will call you soon.]\n"
     "A lead takes the text for its product and language, else for its product, its language, for any.\n\n"
     "  --subject S      one line\n"
     "  --body FILE      plain text; - is standard input\n"
     "  --product P      only for leads that are interested in it\n"
     "  --language L     only for leads in it: en, de-AT, zh-Hant\n"
     "  --written-in L   how dates are written, where --language is not given\n"},
    {"template", "delete", tool_template_delete, "NAME", "customers are written it no more", NULL},
    {"template", "preview", tool_template_preview, "[NAME] --lead ID",
     "what the customer of a lead is written by it", "Without a name: by the one that the lead takes.\n"},
    {"territory", "list", tool_territory_list, "[--model NAME]", "territories as trees, with their rules",
     "  --model NAME     those of a model; without: those that belong to none\n"},
    {"territory", "import", tool_territory_import, "FILE.csv [--model NAME] [--kind K] [--rejects FILE]",
     "trees of territories with their rules, from a CSV file", tool_territory_import_help},
    {"territory", "model", tool_territory_model, "[NAME [--hand-on yes|no] [--at DATE]]",
     "models of territories; with a name makes or changes one",
     "  --hand-on yes    open leads whose holder does not work in their new territory are handed on\n"
     "  --at DATE        it becomes active by itself then: 2026-12-28 (midnight UTC) or\n"
     "                   2026-12-28T08:00:00+01:00\n"},
    {"territory", "copy", tool_territory_copy, "NAME [--from MODEL]",
     "a new model for planning, with all territories of another",
     "  --from MODEL     that one; without: the territories that belong to none\n"},
    {"territory", "preview", tool_territory_preview, "MODEL [--list N] [--csv FILE]",
     "which open leads a model would move, from where to where and why",
     "Changes nothing.\n\n"
     "  --list N         how many leads are listed (20)\n"
     "  --csv FILE       all of them as a table\n"},
    {"territory", "switch", tool_territory_switch, "MODEL [--at DATE]", "leads lie by this model from now on",
     "The one before is archived and can be switched back to. Open leads are placed anew, some at a time.\n\n"
     "  --at DATE        not now, but then: 2026-12-28 (midnight UTC) or 2026-12-28T08:00:00+01:00\n"},
    {"notify", "test", tool_notify_test, "USER", "tries every way to a user and says what happened",
     "USER is an e-mail address. Waits until every way has ended well or not.\n"},
    {"notify", "list", tool_notify_list, "[open|dead]",
     "shows what goes out: letters, pushes, webhooks, MQTT, templates",
     "The newest fifty: of all, of those on their way, or of those given up.\n"},
    {"notify", "replay", tool_notify_replay, "[ID]...", "tries again what was given up",
     "Those named, or without names the first hundred.\n"},
    {"notify", "prefs", tool_notify_prefs, "USER", "shows which notifications go where for a user",
     "USER is an e-mail address. What is chosen differs from what the program does by itself.\n"},
    {"place", "import", tool_place_import, "FILE.csv [--country NAME]", "where postal codes are",
     tool_place_import_help},
    {"calendar", "import", tool_calendar_import, "FILE.ics --owner U [--calendar NAME]",
     "brings in a file of iCalendar", tool_calendar_import_help},
    {"calendar", "export", tool_calendar_export, "--owner U [FILE.ics]", "a user's activities as iCalendar",
     "U is an e-mail address. To a file, or to standard output. GET /v1/calendars/ID.ics has one calendar\n"
     "alone, with a token.\n"},
    {"token", "create", tool_token_create, "EMAIL NAME", "makes an API token; it is shown once", NULL},
    {"token", "list", tool_token_list, "", "API tokens, without their text", NULL},
    {"token", "revoke", tool_token_revoke, "ID", "makes an API token worthless", NULL},
    {"contact", "import", tool_contact_import, "FILE [--preview] [--map COLUMN=FIELD]... [--duplicates P]",
     "brings contacts in: vCards, CSV, JSON lines", tool_list_import_help},
    {"contact", "export", tool_contact_export, "[--format F] [--where FIELD=VALUE] [--out FILE]",
     "writes contacts as vCards, CSV or JSON lines", tool_list_export_help},
    {"account", "import", tool_account_import, "FILE [--preview] [--map COLUMN=FIELD]... [--duplicates P]",
     "brings accounts in: CSV, JSON lines, vCards", tool_list_import_help},
    {"account", "export", tool_account_export, "[--format F] [--where FIELD=VALUE] [--out FILE]",
     "writes accounts as CSV, JSON lines or vCards", tool_list_export_help},
    {"person", "erase", tool_person_erase, "ID|EMAIL --reason R [--yes]",
     "erases a contact and all that is known of them",
     "Shows how many records say something of them, asks, and erases: here, in the other services, and from\n"
     "the log. It cannot be undone. A contact that was deleted is named by its id. If it ends before it is "
     "done\n"
     "the same command goes on. Backups of before still have them: `restore --replace` says whom to erase "
     "again.\n\n"
     "  --reason R       by whose wish, or why; it stays in the log, so it should name nobody\n"
     "  --yes            without asking\n"},
    {"person", "export", tool_person_export, "ID|EMAIL [--out FILE]",
     "everything that is known of a contact, as JSON",
     "One document: the contact and whoever was merged into it, its account, what names it, every change of "
     "it\n"
     "with its values, its leads with what they came in with, what was told of it and went outside. It is\n"
     "written down who took it.\n\n"
     "  --out FILE       instead of standard output\n"},
    {"import", "list", tool_import_list, "", "the newest fifty imports of contacts and accounts", NULL},
    {"import", "undo", tool_import_undo, "IMPORT", "takes back what an import did",
     "What it made is deleted and what it changed is put back, unless somebody has changed it since or it "
     "is\n"
     "in use: those are listed and stay as they are. Safe to repeat.\n"},
    {"duplicates", "sweep", tool_duplicates_sweep, "[--type contact|account] [--after ID]",
     "looks through all contacts and accounts for some that may be the same",
     "What comes in is looked at when it comes; this is for what was there before. It can be ended and "
     "begun\n"
     "again at any time, and finds nothing twice. Nothing is merged.\n"},
    {"duplicates", "list", tool_duplicates_list, "[--type contact|account] [--owner ID]",
     "contacts or accounts that may be the same, the surest first", NULL},
    {"duplicates", "dismiss", tool_duplicates_dismiss, "contact|account ID ID",
     "two that are not the same, for good", NULL},
    {"duplicates", "merge", tool_duplicates_merge, "contact|account KEEP LOSE [--take FIELD]...",
     "makes two records of the same one",
     "The first goes on, with the fields of the second that --take names; what named the second names the\n"
     "first. The second stays readable, and `baton duplicates unmerge` takes it out again.\n"},
    {"duplicates", "unmerge", tool_duplicates_unmerge, "contact|account ID",
     "gives a merged record back as it was", NULL},
};

const struct tool_command *tool_command_at(size_t i)
{
    const size_t n = sizeof commands / sizeof *commands;
    return i < n ? &commands[i] : i - n < tool_sales_commands_n ? &tool_sales_commands[i - n] : NULL;
}
