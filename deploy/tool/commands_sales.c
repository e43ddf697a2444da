/* The tool's commands about prices, quotes and the catalogue, as commands.c has the others. */
#include "tool/tool.h"

const struct tool_command tool_sales_commands[] = {
    {NULL, "price", tool_price,
     "PRODUCT [--quantity N] [--account ID] [--book CODE] [--market M] [--currency C] [--at DAY]",
     "what a product costs, and why",
     "PRODUCT is its code.\n\n"
     "  --quantity N     how many (1); up to four digits behind the point\n"
     "  --account ID     whose contracts count\n"
     "  --book CODE      from this price book; without: the one that is valid for the market\n"
     "  --currency C     converted by the rate of the day, or of the week before\n"
     "  --at DAY         on that day (today, UTC)\n"},
    {"opportunity", "list", tool_opportunity_list, "[--pipeline NAME] [--stage KEY] [--owner EMAIL] [--open]",
     "opportunities with their stages and amounts", NULL},
    {"opportunity", "show", tool_opportunity_show, "ID",
     "where one is, what it is worth, what waits for whom", NULL},
    {"opportunity", "move", tool_opportunity_move, "ID STAGE [--pipeline NAME] [--override WHY]",
     "to another stage, by its key",
     "Says all that is missing for that.\n\n"
     "  --pipeline NAME  of another pipeline\n"
     "  --override WHY   although something is missing; only for whom the stages let\n"},
    {"opportunity", "close", tool_opportunity_close,
     "ID won|lost [--reason R] [--lost-to NAME] [--stage KEY] [--override WHY]", "it has ended", NULL},
    {"opportunity", "reopen", tool_opportunity_reopen, "ID [--stage KEY] [--override WHY]",
     "open again, where it was", NULL},
    {"opportunity", "estimates", tool_opportunity_estimates, "ID",
     "what was thought of it, the newest 200 first", NULL},
    {"opportunity", "follow", tool_opportunity_follow, "ID [--end]", "hear of its moves, notes and end",
     NULL},
    {"opportunity", "request", tool_opportunity_request, "ID STAGE", "asks for the approval of a move", NULL},
    {"opportunity", "approve", tool_opportunity_approve, "ID", "says yes to the move that waits", NULL},
    {"opportunity", "reject", tool_opportunity_reject, "ID --reason R", "says no to it", NULL},
    {"pipeline", "list", tool_pipeline_list, "", "all pipelines", NULL},
    {"pipeline", "show", tool_pipeline_show, "NAME", "its stages, their conditions and patience",
     "With --json as `pipeline set` reads it.\n"},
    {"pipeline", "set", tool_pipeline_set, "FILE.json", "makes a pipeline, or makes it what the file says",
     "The file is the whole pipeline; - is standard input:\n\n"
     "  {\"name\": \"Projects\", \"lossReasons\": [\"price\", \"time\"],\n"
     "   \"stages\": [\n"
     "     {\"key\": \"talk\", \"name\": \"First talk\", \"probability\": 10, \"idleDays\": 14},\n"
     "     {\"key\": \"offer\", \"name\": \"Offer\", \"probability\": 50,\n"
     "      \"entryFields\": [\"amount\", \"custom.budget\"], \"approvalRoles\": [\"ROLE_MANAGER\"],\n"
     "      \"approvalByManagers\": true, \"overrideRoles\": [\"ROLE_ADMIN\"]},\n"
     "     {\"key\": \"won\", \"name\": \"Won\", \"kind\": \"STAGE_KIND_WON\"},\n"
     "     {\"key\": \"lost\", \"name\": \"Lost\", \"kind\": \"STAGE_KIND_LOST\"}]}\n\n"
     "A stage with something in it stays: retire it, and what is in it moves.\n"},
    {"plan", "list", tool_plan_list,
     "[--opportunity ID | --account ID] [--owner EMAIL] [--template NAME] [--state S]",
     "how far plans are, and what they come to", "  --state S        active, done, abandoned\n"},
    {"plan", "show", tool_plan_show, "ID", "a plan's steps, and what closed them", NULL},
    {"plan", "start", tool_plan_start, "ID TEMPLATE [--account] [--name N]",
     "a plan for an opportunity, or with --account for an account",
     "TEMPLATE is its name. What is so already closes its steps at once, but for activities.\n"},
    {"plan", "template", tool_plan_template, "list | show NAME | set FILE.json",
     "what plans are started from",
     "set makes a template, or makes it what the file says; - is standard input:\n\n"
     "  {\"name\": \"Projects\", \"situation\": \"new plant\", \"industry\": \"Chemicals\",\n"
     "   \"startStageKey\": \"qualification\",\n"
     "   \"steps\": [\n"
     "     {\"key\": \"meet\", \"title\": \"Meet them\", \"dueDays\": 5,\n"
     "      \"evidence\": \"PLAN_EVIDENCE_ACTIVITY\", \"activityKind\": \"ACTIVITY_KIND_MEETING\"},\n"
     "     {\"key\": \"nda\", \"title\": \"NDA\", \"dependsOn\": [\"meet\"],\n"
     "      \"evidence\": \"PLAN_EVIDENCE_DOCUMENT\", \"documentType\": \"DOCUMENT_TYPE_NDA\"}]}\n\n"
     "With startStageKey a plan starts by itself when a deal comes to that stage: of type `situation` and "
     "of an account of\n"
     "`industry`, where these are said; once a deal. show writes it as set reads it.\n"},
    {"quote", "list", tool_quote_list, "[--opportunity ID] [--status S]", "quotes with their totals",
     "  --opportunity ID  of this one\n"
     "  --status S        draft, in-approval, approved, sent, accepted, declined, expired, superseded\n"},
    {"quote", "show", tool_quote_show, "QUOTE [--why]", "a quote's lines, sums, approvals and versions",
     "QUOTE is its id or its number (12 or Q-00012), which is the newest version; so it is of all these "
     "commands.\n\n"
     "  --why            how each price came about\n"},
    {"quote", "create", tool_quote_create, "OPPORTUNITY-ID [--book CODE | --market M] [--FIELD VALUE]...",
     "a draft without lines",
     "  --book CODE, --market M, --currency C   what it is priced by; without: the only book that is valid\n"
     "  --customer NAME, --recipient NAME, --email E\n"
     "  --country CC, --region R                where taxes are\n"
     "  --language L                            what it is written in (en, zh-Hant)\n"
     "  --until DAY                             until when it binds; without: 30 days from when it is sent\n"
     "  --note TEXT                             below the totals\n"
     "  --at DAY                                priced on that day: to write down what was quoted before\n"},
    {"quote", "lines", tool_quote_lines, "QUOTE PRODUCT[:QUANTITY[:PERCENT;PERCENT...]]... | --from FILE.csv",
     "sets all lines of a draft, priced as of today",
     "RELAY:10:5;2.5 is ten of RELAY, less 5 % and then 2.5 % of what that left.\n\n"
     "  --from FILE.csv  columns product, quantity, discount (5;2.5), note; at most 200 lines\n"
     "  --discount N     off the whole, before tax; without: as it was\n"},
    {"quote", "request", tool_quote_request, "QUOTE", "asks those above to approve its discounts", NULL},
    {"quote", "approve", tool_quote_approve, "QUOTE", "says yes to its discounts, as whose turn it is", NULL},
    {"quote", "reject", tool_quote_reject, "QUOTE --reason R", "says no to them; it is a draft again", NULL},
    {"quote", "send", tool_quote_send, "QUOTE",
     "to the customer: by mail if it has an address, and as a link",
     "Ends with 1 if a price is not what it was when it was quoted, and says of which line.\n"},
    {"quote", "revise", tool_quote_revise, "QUOTE", "a new version, priced as of today; the old link ends",
     NULL},
    {"quote", "pdf", tool_quote_pdf, "QUOTE [--out FILE]", "a quote on paper", NULL},
    {"quote", "import", tool_quote_import,
     "FILE.csv [--map FIELD=COLUMN]... [--with FILE.csv:COLUMN]... [--book CODE | --market M]",
     "orders or quotes of another program as quotes of their day", tool_quote_import_help},
    {"document", "list", tool_document_list,
     "[WORDS] [--type T] [--status S] [--owner ID] [--account ID] [--tag T] [--day FIELD [--from D] "
     "[--before D]]",
     "documents, the newest first, or by their days",
     "WORDS are looked for in titles. At most three of type, status, owner, account and tag at once.\n\n"
     "  --type T         contract, nda, policy, price-list, brochure, proposal, other\n"
     "  --status S       draft, active, superseded, expired\n"
     "  --day FIELD      those with an effective_on, expires_on, renewal_on or notice_on, in its order\n"
     "  --from DAY, --before DAY   of that date\n"},
    {"document", "search", tool_document_search,
     "WORDS [--type T] [--status S] [--owner ID] [--account ID] [--tag T]",
     "documents by what they say, and where they say it",
     "All words are looked for, of three letters or more also as the beginning of longer ones; what stands "
     "in\n"
     "quotation marks as it stands. At most three of the others at once, as of `list`.\n"},
    {"document", "show", tool_document_show, "ID",
     "a document's days, its revisions, and how many have not read it", NULL},
    {"document", "put", tool_document_put, "FILE [--document ID | --title T] [--FIELD VALUE]...",
     "a file as a new document, or as the next revision of one",
     "  --document ID    of this one; without: a new one\n"
     "  --title T        what a new one is called; without: as the file\n"
     "  --type T         contract, nda, policy, price-list, brochure, proposal, other\n"
     "  --account ID, --tag T   what a new one is about; may be repeated\n"
     "  --note TEXT      what is new in it\n"
     "  --draft          it does not become the current revision yet\n"},
    {"document", "get", tool_document_get, "ID [--revision N] [--out FILE]", "a document's file",
     "  --revision N     without: the current one\n"
     "  --out FILE       without: as it is called, here; - is standard output. Nothing is overwritten.\n"},
    {"document", "share", tool_document_share,
     "ID [--to WHO] [--days N] [--views N] [--revision N] [--password] [--watermark TEXT]",
     "a link by which people outside see it",
     "It is told only now. It leads to whatever revision is the current one, as long as you read the "
     "document.\n\n"
     "  --to WHO         whom you give it to, for yourself\n"
     "  --days N         so long it leads anywhere (30)\n"
     "  --views N        so often it can be opened; without: as often as anybody likes\n"
     "  --revision N     always this one\n"
     "  --password       asked for here, on a terminal or as the first line of standard input, and of "
     "whoever opens it\n"
     "  --watermark TEXT stands with the day across each page that is given out, of a PDF\n"},
    {"document", "links", tool_document_links, "ID", "its links, and how often they were opened", NULL},
    {"document", "revoke", tool_document_revoke, "LINK", "a link leads nowhere from now on", NULL},
    {"document", "reading", tool_document_reading, "", "what you are to read and have not", NULL},
    {"document", "acknowledge", tool_document_acknowledge, "ID",
     "says that whoever asks has read the current revision", NULL},
    {"letter", "template", tool_letter_template,
     "NAME --from COUNTRY (--body FILE [--subject TEXT] | --labels l7160|l7163|us5160) [--sender LINES]",
     "what letters say, or a sheet of labels",
     "  --from COUNTRY     from where: the paper, the window, and who needs a line with their country\n"
     "  --body FILE        text with fields, {contact.first_name|customer}; - is standard input\n"
     "  --sender LINES     who writes, above the letter\n"
     "  --language TAG     of dates and countries; without: en\n"
     "  --margin MM        left and right; without: 25\n"
     "  --purpose P        whoever has withdrawn their consent to that by post gets none; without: to "
     "anything\n"
     "  --despite-opt-out  what has to be said even to them\n"},
    {"letter", "make", tool_letter_make,
     "TEMPLATE (--contact ID... | --contacts FILE | --account ID) --out FILE.pdf [--opportunity ID] "
     "[--campaign C]",
     "letters to contacts as one PDF, at most 5,000",
     "  --contacts FILE    their ids, one a line; - is standard input\n"
     "  --opportunity ID   what its fields stand for\n"
     "Who is left out, and why, is said on standard error. `baton document put` keeps the file.\n"},
    {"letter", "draw", tool_letter_draw, "RUN --out FILE.pdf",
     "letters that were made, once more as one PDF: the contacts as they are now", NULL},
    {"collateral", "item", tool_collateral_item,
     "SKU NAME [--unit U] [--cost 1.50EUR] [--low N] [--document ID]", "something that is printed",
     "  --unit U         what is counted; without: pieces\n"
     "  --cost 1.50EUR   of one\n"
     "  --low N          where less is left, who keeps the place hears of it\n"
     "  --document ID    what it is printed from\n"},
    {"collateral", "place", tool_collateral_place, "NAME [--keeper USER]... [--address TEXT]",
     "where it lies, and who picks and ships there", NULL},
    {"collateral", "stock", tool_collateral_stock, "[--place ID] [--low]", "what there is, place by place",
     NULL},
    {"collateral", "receive", tool_collateral_receive, "ITEM PLACE NUMBER", "so many came from the printer's",
     NULL},
    {"collateral", "count", tool_collateral_count, "ITEM PLACE NUMBER", "so many are there", NULL},
    {"collateral", "scrap", tool_collateral_scrap, "ITEM PLACE NUMBER", "so many are thrown away", NULL},
    {"collateral", "move", tool_collateral_move, "ITEM PLACE TO NUMBER", "so many go to another place", NULL},
    {"collateral", "ledger", tool_collateral_ledger, "ITEM PLACE", "why there are as many, newest first",
     NULL},
    {"collateral", "order", tool_collateral_order,
     "PLACE ITEM:NUMBER... [--to ADDRESS] [--campaign C] [--account ID] [--contact ID] [--note TEXT]",
     "orders printed material from a place", NULL},
    {"collateral", "orders", tool_collateral_orders, "[--place ID] [--status S] [--mine] [--open]",
     "orders, the newest first",
     "  --open           that wait at the place, or, without one, for approval\n"
     "  --status S       waiting, approved, picked, part-shipped, shipped, received, rejected, cancelled\n"},
    {"collateral", "approve", tool_collateral_approve, "ORDER", "says yes to an order that waits", NULL},
    {"collateral", "reject", tool_collateral_reject, "ORDER REASON", "says no to it", NULL},
    {"collateral", "pick", tool_collateral_pick, "ORDER", "sets aside what is there; the rest when it comes",
     NULL},
    {"collateral", "ship", tool_collateral_ship, "ORDER [PARCEL]", "what is picked leaves", NULL},
    {"collateral", "received", tool_collateral_received, "ORDER", "what was sent has come", NULL},
    {"collateral", "cancel", tool_collateral_cancel, "ORDER", "what was not sent is put back", NULL},
    {"collateral", "cost", tool_collateral_cost, "campaign|team|all", "what was sent cost, month by month",
     NULL},
    {"catalogue", "import", tool_catalogue_import,
     "FILE.csv... --as KIND [--map FIELD=COLUMN]... [--with FILE.csv:COLUMN]... [--dry-run]",
     "brings in products, bundles, prices, offers, rates, quotas, taxes", tool_catalogue_import_help},
    {"catalogue", "export", tool_catalogue_export, "--as KIND [--book CODE] [--out FILE]",
     "writes them as import reads them", tool_catalogue_export_help},
    {"catalogue", "link", tool_catalogue_link, "BOOK [PURPOSE]",
     "a link by which people outside see what is in a price book",
     "BOOK is its code. The link leads to the newest version of the book, as a page, and with .pdf or .csv\n"
     "behind it as a file, until it is revoked. It is told once.\n"},
    {"catalogue", "links", tool_catalogue_links, "BOOK", "the links to a price book's catalogue", NULL},
    {"catalogue", "revoke", tool_catalogue_revoke, "LINK", "a link leads nowhere from now on", NULL},
    {"demand", "make", tool_demand_make, "[--months N] [--monthly] [--seed N]",
     "counts what open deals may order, and keeps it as a plan",
     "Of each open deal with a quote: its quantities by its chance, in the month in which it is to close, at "
     "the\n"
     "warehouse that serves where the quote is for. P10 to P90 are drawn by a seed, which the plan says. The "
     "newest\n"
     "sixty plans are kept.\n\n"
     "  --months N       from this month on (12)\n"
     "  --monthly        once a month: if this month's is there already, shows that; for cron\n"
     "  --seed N         draws the same again\n"},
    {"demand", "show", tool_demand_show, "[PLAN]", "expected units by product, month and warehouse",
     "The newest plan, or the one with that id; `all` lists them.\n"},
    {"demand", "compare", tool_demand_compare, "[PLAN [WITH]]",
     "what is other than in the plan before, and why",
     "Row by row: new deals, moved ones, other quantities and chances, won, lost. By ids, or the newest with "
     "the\n"
     "one before it.\n"},
    {"demand", "csv", tool_demand_csv, "[PLAN] [--out FILE]", "a plan as CSV",
     "A cell that a spreadsheet would take for a formula has an apostrophe in front.\n\n"
     "  --out FILE       instead of standard output\n"},
};
const size_t tool_sales_commands_n = sizeof tool_sales_commands / sizeof *tool_sales_commands;
