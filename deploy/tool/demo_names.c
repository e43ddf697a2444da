/* Made-up names, companies and places for the demo. */
#include "tool/demo_names.h"

#define WORDS(...)                                                                                           \
    {                                                                                                        \
        (const char *const[]){__VA_ARGS__},                                                                  \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                                \
    }

const struct demo_words demo_first_names =
    WORDS("Alva", "Bero", "Cirra", "Doven", "Elwy", "Fenna", "Galo", "Hesta", "Ivo", "Jorun", "Kalle",
          "Lirra", "Mado", "Nevin", "Orla", "Pavo", "Quill", "Rasmo", "Senna", "Tavi", "Ulma", "Vero", "Wynn",
          "Xenia", "Yaro", "Zelda");
const struct demo_words demo_last_names =
    WORDS("Amberfield", "Birkholt", "Cloverdene", "Drumwick", "Eastermoor", "Fallowby", "Greywater",
          "Hollinbrook", "Inkwell", "Jesterton", "Kettleburn", "Larkmoss", "Millpond", "Nightingham",
          "Oakhanger", "Pennyfold", "Quarrystone", "Ravenscote", "Silverlea", "Thornapple", "Underhay",
          "Vinterberg", "Westerlund", "Yarrowby", "Zimtstern");
const struct demo_words demo_company_starts =
    WORDS("Blue Harbour", "North Gate", "Copper Leaf", "Quiet River", "Bright Anvil", "Seven Hills",
          "Paper Crane", "Winter Sun", "Open Field", "Iron Fern", "Salt & Stone", "Lantern", "Cedar Point",
          "High Meadow", "Glass Bridge", "Old Mill", "Red Kite", "Still Water", "Amber Road", "Tall Pine");
const struct demo_words demo_company_ends =
    WORDS("Instruments", "Foods", "Logistics", "Textiles", "Robotics", "Clinics", "Energy", "Press", "Optics",
          "Machines", "Software", "Ceramics", "Shipping", "Gardens", "Holdings");
const struct demo_words demo_titles =
    WORDS("Head of Purchasing", "Plant Manager", "Owner", "Chief Engineer", "Office Manager",
          "Operations Director", "Buyer", "Laboratory Head");
const struct demo_words demo_sources =
    WORDS("Web form", "Trade fair", "Telephone", "Newsletter", "Recommendation");
const struct demo_words demo_messages = WORDS(
    "Please send an offer for our second site.", "How soon could you deliver?",
    "We saw you at the fair and would like a demonstration.", "Our contract ends in three months.",
    "Is there a version for laboratories?", "Please call in the morning.", "We need a price for 40 places.");
const struct demo_words demo_industries =
    WORDS("Manufacturing", "Food", "Logistics", "Health", "Energy", "Retail", "Education", "Software");

const struct demo_region demo_regions[] = {
    {"EMEA",
     {"Europe/Berlin", "Europe/London", "Europe/Madrid"},
     {"Germany", "France", "United Kingdom", "Spain", "Netherlands", "South Africa"},
     6},
    {"Americas",
     {"America/New_York", "America/Chicago", "America/Los_Angeles"},
     {"United States", "Canada", "Mexico", "Brazil"},
     4},
    {"APAC",
     {"Asia/Taipei", "Asia/Tokyo", "Asia/Singapore"},
     {"Taiwan", "Japan", "Singapore", "Australia", "India"},
     5},
};
const size_t demo_regions_n = sizeof demo_regions / sizeof *demo_regions;

const struct demo_place demo_places[] = {
    {"Hamburg", "Germany", 0},      {"Lyon", "France", 0},          {"Leeds", "United Kingdom", 0},
    {"Valencia", "Spain", 0},       {"Utrecht", "Netherlands", 0},  {"Durban", "South Africa", 0},
    {"Denver", "United States", 1}, {"Boston", "United States", 1}, {"Halifax", "Canada", 1},
    {"Puebla", "Mexico", 1},        {"Recife", "Brazil", 1},        {"Taichung", "Taiwan", 2},
    {"Osaka", "Japan", 2},          {"Singapore", "Singapore", 2},  {"Perth", "Australia", 2},
    {"Pune", "India", 2},
};
const size_t demo_places_n = sizeof demo_places / sizeof *demo_places;

const struct demo_product demo_products[] = {
    {"RLY-1", "Relay One", "Relay", 49000},          {"RLY-5", "Relay Five", "Relay", 219000},
    {"RLY-X", "Relay Enterprise", "Relay", 1890000}, {"TRK-S", "Track Sensor", "Track", 12900},
    {"TRK-L", "Track Laboratory", "Track", 640000},  {"SVC-Y", "Service for a Year", "Service", 99000},
};
const size_t demo_products_n = sizeof demo_products / sizeof *demo_products;

const struct demo_template demo_templates[] = {
    {"English", NULL, "en", "Your request[ about {lead.product}]",
     "Dear {lead.name|customer},\n\n"
     "thank you for your request[ about {lead.product}]. "
     "[{owner.name} will call you by {due}.|{owner.name} will get back to you soon.]\n\n"
     "[If you would rather call yourself: {owner.phone}.\n\n]"
     "Kind regards\n{organisation.name}\n"},
    {"繁體中文", "zh-Hant", NULL, "我們已收到您的需求[：{lead.product}]",
     "{lead.name|顧客}您好：\n\n"
     "感謝您的來信[，關於 {lead.product}]。"
     "[{owner.name} 將於 {due} 前致電給您。|{owner.name} 將儘快與您聯絡。]\n\n"
     "[您也可以直接撥打 {owner.phone}。\n\n]"
     "敬祝 商祺\n{organisation.name}\n"},
};
const size_t demo_templates_n = sizeof demo_templates / sizeof *demo_templates;
