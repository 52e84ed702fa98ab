// The text of the population's documents.
#include "population_words.hpp"
#include "population_writer.hpp"
#include "traitsync/demo/population.hpp"

namespace traitsync::demo {

namespace {

// What a roll of the dice is for: its own sequence for each.
enum purpose : std::uint64_t {
    for_created = 100,  // behind the fields' own numbers
    for_address,
    for_town,
    for_browser,
    for_rollup,
    for_seen,
    for_tokens,
    for_enrichment,
    for_company_domain,
    for_company_metadata,
};

constexpr std::int64_t day = 86'400'000;

template <class List>
auto const& pick(List const& list, std::uint64_t roll) {
    return list[roll % list.size()];
}

// Moesif writes its time of change without a zone, and its times of sight with seven fraction digits.
constexpr std::string_view no_zone = "";
constexpr std::string_view utc = "Z";
constexpr std::string_view ticks = "0000Z";

}  // namespace

void population::write_identity(writer& out, std::size_t index) const {
    auto const& state = users_[index];
    auto const odd = oddity_of(index);
    std::string const id = user_id(index);
    if (odd == oddity::numeric_id) {
        out.raw("user_id", id);
    } else {
        out.plain("user_id", id);
        if (odd == oddity::none) out.plain("identified_user_id", id);
    }
    auto const age = 120 * day + static_cast<std::int64_t>(roll(index, for_created) % (300 * day));
    std::int64_t const created = to_millis(options_.newest) - age;
    out.time("created", created, utc);
    if (odd != oddity::no_modified_time) out.time("modified_time", state.modified, no_zone);
    out.time("first_seen_time", created + 12'099, ticks);
    auto const named = roll_of(full_name, index);
    if (named % 20 == 0) {
        out.text("name", pick(words::hard_names, named >> 8));
    } else {
        auto const first = pick(words::first_names, named >> 8);
        auto const last = pick(words::last_names, named >> 16);
        out.joined("name", first, " ", last);
        out.plain("first_name", first);
        out.plain("last_name", last);
    }
    if (odd == oddity::nulls_and_numbers) out.raw("phone", "null");
    if (!is_removed(state, email)) {
        auto const mail = roll_of(email, index);
        out.joined("email", "u", index, ".", mail % 65'536, "@", pick(words::domains, mail >> 20));
    }
    if (!is_removed(state, user_name)) {
        out.joined("user_name", "user_", roll_of(user_name, index) % 1'000'000'000);
    }
}

void population::write_company(writer& out, std::size_t index) const {
    auto const& state = users_[index];
    if (is_removed(state, link) || companies_.empty()) return;
    auto const kind = company_kind_of(index);
    auto const linked = roll_of(link, index);
    if (kind == company_kind::linked) {
        out.plain("company_id", company_key(linked % companies_.size()));
    } else if (kind == company_kind::embedded) {
        // Without a document of its own.
        out.open("company");
        out.joined("company_id", "cmp_embedded_", linked % 100'000);
        out.joined("company_domain", "e", linked % 1000, ".", pick(words::domains, linked >> 8));
        out.time("modified_time", to_millis(options_.newest) - 100 * day, no_zone);
        out.open("metadata");
        out.plain("tier", pick(words::plans, linked >> 16));
        out.close();
        out.close();
    }
}

void population::write_activity(writer& out, std::size_t index) const {
    auto const& state = users_[index];
    auto const seen = roll(index, for_seen, state.activity);
    out.time("last_seen_time", state.modified - 1'000 - static_cast<std::int64_t>(seen % 60'000), ticks);
    auto const address = roll(index, for_address, state.activity / 4);
    std::string_view const network = pick(words::networks, address);
    std::uint64_t const host = 1 + (address >> 8) % 254;
    auto const& town = pick(words::towns, roll(index, for_town, state.activity / 8));
    out.joined("ip_address", network, ".", host);
    out.open("geo_ip");
    out.joined("ip", network, ".", host);
    out.plain("city_name", town.city);
    out.plain("region_name", town.region);
    out.plain("country_name", town.country);
    out.plain("country_code2", town.code2);
    out.plain("continent_code", town.continent);
    out.plain("postal_code", town.postal_code);
    out.plain("timezone", town.zone);
    out.raw("latitude", town.latitude);
    out.raw("longitude", town.longitude);
    out.close();
    auto const browser = roll(index, for_browser, state.activity / 2);
    std::uint64_t const version = 100 + (browser >> 8) % 40;
    std::string_view const name = pick(words::browsers, browser);
    out.joined("user_agent_string", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) ", name, "/", version, ".0");
    out.open("user_agent");
    out.plain("name", name);
    out.joined("major", version);
    out.plain("minor", "0");
    out.plain("os_name", "Windows");
    out.plain("os_major", "10");
    out.plain("device", "Other");
    out.close();
    out.open("session_token", '[');
    out.joined_element("tok_example_", roll(index, for_tokens) % 1000);
    out.close(']');
    auto const rollup = roll(index, for_rollup, state.activity);
    out.open("last_24_hour_agg_results");
    out.open("weight");
    out.number("sum", rollup % 5000);
    out.close();
    out.fraction("error_rate", 0, 1 + (rollup >> 16) % 999);
    out.close();
}

void population::write_enrichment(writer& out, std::size_t index) const {
    auto const& state = users_[index];
    auto const kind = roll(index, for_enrichment);
    out.free_form(true);
    if (kind % 2 == 0 && !is_removed(state, campaign)) {
        auto const c = roll_of(campaign, index);
        out.open("campaign");
        out.plain("utm_source", pick(words::sources, c));
        out.plain("utm_medium", pick(words::mediums, c >> 8));
        out.joined("utm_campaign", "campaign-", (c >> 16) % 40);
        out.plain("referrer", "https://example.org/blog");
        out.close();
    }
    if ((kind >> 8) % 4 == 0 && !is_removed(state, clearbit)) {
        auto const c = roll_of(clearbit, index);
        out.open("clearbit");
        out.open("person");
        out.plain("title", pick(words::titles, c));
        out.plain("seniority", pick(words::seniorities, c >> 8));
        out.close();
        out.open("company");
        out.number("employees", 1 + (c >> 16) % 5000);
        out.close();
        out.close();
    }
    out.free_form(false);
}

void population::write_metadata(writer& out, std::size_t index) const {
    auto const& state = users_[index];
    out.open("metadata");
    out.free_form(true);
    out.plain("plan", pick(words::plans, roll_of(plan, index)));
    auto const seat = roll_of(seats, index);
    out.number("seats", 1 + seat % 200);
    out.raw("trial", seat >> 20 & 1 ? "true" : "false");
    if (!is_removed(state, note)) {
        out.text("note", pick(words::notes, roll_of(note, index)));
    }
    out.raw("tags", R"(["beta","eu"])");
    out.open("billing");
    out.plain("currency", "CHF");
    out.fraction("mrr", (seat >> 24) % 900, 5);
    out.close();
    if (oddity_of(index) == oddity::nulls_and_numbers) {
        out.raw("referrer", "null");
        out.raw("account_number", "123456789012345678901234567890");
        out.raw("counter", "9007199254740993");
        out.raw("ratio", "-1.50e-3");
    }
    out.close();
    out.free_form(false);
    out.plain("app_id", "198:3");
    out.plain("org_id", "177:3");
}

void population::append_user(std::size_t index, std::string& out) const {
    writer document{out, oddity_of(index) == oddity::camel_case};
    write_identity(document, index);
    write_company(document, index);
    write_activity(document, index);
    write_enrichment(document, index);
    write_metadata(document, index);
    document.close();
}

void population::append_company(std::size_t index, std::string& out) const {
    auto const& state = companies_[index];
    auto const domain = roll(index, for_company_domain);
    auto const meta = roll(index, for_company_metadata, state.revision);
    std::int64_t const created =
        to_millis(options_.newest) - 500 * day + static_cast<std::int64_t>(domain % (300 * day));
    writer document{out};
    document.plain("company_id", company_key(index));
    document.time("created", created, utc);
    document.time("modified_time", state.modified, no_zone);
    document.time("first_seen_time", created + 5'000, ticks);
    document.time("last_seen_time", state.modified - 1'000, ticks);
    document.joined(domain % 3 == 0 ? "domain_name" : "company_domain", "c", index, ".",
                    pick(words::domains, domain >> 8));
    document.joined("ip_address", pick(words::networks, domain >> 16), ".", 1 + (domain >> 20) % 254);
    document.number("ttfhw_s", 60 + (domain >> 24) % 500'000);
    document.open("metadata");
    document.plain("tier", pick(words::plans, meta));
    document.plain("region", pick(words::regions, meta >> 8));
    document.number("seats", 1 + (meta >> 16) % 1000);
    document.close();
    document.plain("app_id", "198:3");
    document.close();
}

}  // namespace traitsync::demo
