#pragma once
// The words that the population is made of. Names and places are invented combinations; addresses and domains
// come from the ranges that are reserved for documentation.

#include <array>
#include <string_view>

namespace traitsync::demo::words {

using list = std::string_view;

inline constexpr std::array<list, 24> first_names = {
    "Ada",   "Ben",  "Chloé", "Dora",  "Emil",  "Fatima", "Gus",   "Hana",  "Ines",   "Jürgen", "Katya", "Lars",
    "Mette", "Nuño", "Olga",  "Priya", "Quinn", "Rosa",   "Søren", "Tomás", "Ursula", "Vik",    "Wei",   "Zoë"};

inline constexpr std::array<list, 24> last_names = {"Muster",  "Beispiel", "Dupont",   "Example", "García", "Håkansson",
                                                    "Ito",     "Jansen",   "Kowalski", "López",   "Müller", "Nowak",
                                                    "O'Brien", "Petrović", "Quispe",   "Rossi",   "Şahin",  "Tanaka",
                                                    "Usman",   "Vargas",   "Weber",    "Xu",      "Yılmaz", "Żak"};

// Whole names that are hard on software: other scripts, right to left, joined emoji, a decomposed accent.
inline constexpr std::array<list, 6> hard_names = {"山田 太郎",  "عائشة بنت علي",     "Ελένη Παπαδοπούλου",
                                                   "ดวงใจ สุขสม", "Rene\u0301 Dvořák", "Nia 👩🏽‍🚀 Okafor"};

inline constexpr std::array<list, 5> plans = {"free", "starter", "pro", "team", "enterprise"};
inline constexpr std::array<list, 6> sources = {"newsletter", "ads", "docs", "conference", "partner", "blog"};
inline constexpr std::array<list, 4> mediums = {"email", "cpc", "organic", "referral"};
inline constexpr std::array<list, 6> titles = {"Engineer",     "Product Manager", "CTO",
                                               "Data Analyst", "Founder",         "Architect"};
inline constexpr std::array<list, 4> seniorities = {"junior", "senior", "lead", "executive"};
inline constexpr std::array<list, 4> regions = {"EMEA", "AMER", "APAC", "LATAM"};
inline constexpr std::array<list, 3> networks = {"192.0.2", "198.51.100", "203.0.113"};
inline constexpr std::array<list, 3> domains = {"example.com", "example.net", "example.org"};
inline constexpr std::array<list, 4> browsers = {"Chrome", "Firefox", "Safari", "Edge"};
inline constexpr std::array<list, 8> notes = {"asked for an invoice",   "prefers the EU region", "wants a webhook",
                                              "beta of the new API",    "talked at the meet-up", "migrating from v1",
                                              "\"quoted\" and \\ back", "line one\nline two"};

struct town {
    list city, region, region_code, country, code2, code3, continent, postal_code, zone, latitude, longitude;
};

inline constexpr std::array<town, 8> towns = {{
    {"Zürich", "Zurich", "ZH", "Switzerland", "CH", "CHE", "EU", "8001", "Europe/Zurich", "47.3667", "8.55"},
    {"São Paulo", "São Paulo", "SP", "Brazil", "BR", "BRA", "SA", "01000", "America/Sao_Paulo", "-23.5475", "-46.6361"},
    {"Kyoto", "Kyoto", "26", "Japan", "JP", "JPN", "AS", "600-0000", "Asia/Tokyo", "35.0211", "135.7538"},
    {"Austin", "Texas", "TX", "United States", "US", "USA", "NA", "78701", "America/Chicago", "30.2672", "-97.7431"},
    {"Nairobi", "Nairobi", "30", "Kenya", "KE", "KEN", "AF", "00100", "Africa/Nairobi", "-1.2833", "36.8167"},
    {"Kraków", "Lesser Poland", "12", "Poland", "PL", "POL", "EU", "30-001", "Europe/Warsaw", "50.0614", "19.9366"},
    {"Wellington", "Wellington", "WGN", "New Zealand", "NZ", "NZL", "OC", "6011", "Pacific/Auckland", "-41.2866",
     "174.7756"},
    {"Bengaluru", "Karnataka", "KA", "India", "IN", "IND", "AS", "560001", "Asia/Kolkata", "12.9719", "77.5937"},
}};

}  // namespace traitsync::demo::words
