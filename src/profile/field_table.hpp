#pragma once
// The alias table as data: every name a known field has in Moesif's documents, in the order in which they are
// tried, with a lookup that costs one multiplication and one comparison. Private to profile/.

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace traitsync::profile {

enum class field : std::uint8_t {
    id,         // user id, or company id in a company document
    anonymous,  // a browser visitor who is not yet identified
    link,       // user: its company
    company,    // user: embedded company object
    created,
    modified,
    first_seen,
    last_seen,
    name,
    first_name,
    last_name,
    email,
    username,
    campaign,
    clearbit,
    rollup,
    metadata,
    user_agent,
    user_agent_text,
    ip,
    geo,
    company_domain,
    ttfhw,
    secret,  // like a password: neither stored nor sent
    unknown,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(field::unknown);

struct alias {
    std::string_view key;
    field what;
};

// Finds an alias by its key. Built at compile time; a collision does not compile.
template <std::size_t N>
class field_table {
public:
    static constexpr std::uint8_t none = 255;

    // Aliases of one field stand together, the one tried first at the front.
    consteval explicit field_table(std::array<alias, N> const& aliases) : aliases_{aliases} {
        static_assert(N < none);
        for (std::size_t f = 0; f < field_count; ++f) first_[f] = last_[f] = 0;
        for (std::size_t i = 0; i < N; ++i) {
            auto const f = static_cast<std::size_t>(aliases[i].what);
            if (last_[f] == 0) first_[f] = static_cast<std::uint8_t>(i);
            if (last_[f] != 0 && last_[f] != i) throw "aliases of a field do not stand together";
            last_[f] = static_cast<std::uint8_t>(i + 1);
        }
        multiplier_ = 0x9e3779b1;
        while (!fill()) multiplier_ += 2;
    }

    std::uint8_t find(std::string_view key) const {
        if (key.empty()) return none;
        auto const at = slots_[slot(key)];
        if (at == none) return none;
        auto const& found = aliases_[at].key;
        return found.size() == key.size() && std::memcmp(found.data(), key.data(), key.size()) == 0 ? at : none;
    }

    static constexpr std::size_t size() { return N; }
    alias const& operator[](std::size_t i) const { return aliases_[i]; }
    std::uint8_t first(field f) const { return first_[static_cast<std::size_t>(f)]; }
    std::uint8_t last(field f) const { return last_[static_cast<std::size_t>(f)]; }

private:
    static constexpr std::uint32_t byte(std::string_view key, std::size_t i) {
        return static_cast<unsigned char>(key[i]);
    }

    constexpr std::size_t slot(std::string_view key) const {
        auto const n = key.size();
        auto const bytes = byte(key, 0) | byte(key, n / 2) << 8U | byte(key, n - 1) << 16U;
        auto const sum = (bytes | static_cast<std::uint32_t>(n) << 24U) * multiplier_;
        return sum >> 23U;
    }

    consteval bool fill() {
        for (auto& s : slots_) s = none;
        for (std::size_t i = 0; i < N; ++i) {
            auto& s = slots_[slot(aliases_[i].key)];
            if (s != none) return false;
            s = static_cast<std::uint8_t>(i);
        }
        return true;
    }

    std::array<alias, N> aliases_;
    std::array<std::uint8_t, field_count> first_{};
    std::array<std::uint8_t, field_count> last_{};
    std::array<std::uint8_t, 512> slots_{};
    std::uint32_t multiplier_ = 0;
};

inline constexpr field_table user_fields{std::to_array<alias>({
    {"user_id", field::id},
    {"userId", field::id},
    {"identified_user_id", field::id},
    {"identifiedUserId", field::id},
    {"_id", field::id},
    {"anonymous_id", field::anonymous},
    {"anonymousId", field::anonymous},
    {"company_id", field::link},
    {"companyId", field::link},
    {"identified_company_id", field::link},
    {"identifiedCompanyId", field::link},
    {"company", field::company},
    {"created", field::created},
    {"create", field::created},
    {"created_at", field::created},
    {"createdAt", field::created},
    {"created_time", field::created},
    {"create_time", field::created},
    {"modified_time", field::modified},
    {"modifiedTime", field::modified},
    {"modified", field::modified},
    {"updated_at", field::modified},
    {"first_seen_time", field::first_seen},
    {"firstSeenTime", field::first_seen},
    {"first_seen", field::first_seen},
    {"last_seen_time", field::last_seen},
    {"lastSeenTime", field::last_seen},
    {"last_seen", field::last_seen},
    {"name", field::name},
    {"first_name", field::first_name},
    {"firstName", field::first_name},
    {"last_name", field::last_name},
    {"lastName", field::last_name},
    {"email", field::email},
    {"user_name", field::username},
    {"username", field::username},
    {"userName", field::username},
    {"campaign", field::campaign},
    {"clearbit", field::clearbit},
    {"last_24_hour_agg_results", field::rollup},
    {"last24HourAggResults", field::rollup},
    {"last_24_hours_agg_results", field::rollup},
    {"last_24_hour_aggs", field::rollup},
    {"metadata", field::metadata},
    {"user_agent", field::user_agent},
    {"userAgent", field::user_agent},
    {"user_agent_string", field::user_agent_text},
    {"userAgentString", field::user_agent_text},
    {"ip_address", field::ip},
    {"ipAddress", field::ip},
    {"geo_ip", field::geo},
    {"geoIp", field::geo},
    {"session_token", field::secret},
    {"sessionToken", field::secret},
})};

inline constexpr field_table company_fields{std::to_array<alias>({
    {"company_id", field::id},
    {"companyId", field::id},
    {"id", field::id},
    {"_id", field::id},
    {"created", field::created},
    {"create", field::created},
    {"created_at", field::created},
    {"createdAt", field::created},
    {"created_time", field::created},
    {"create_time", field::created},
    {"modified_time", field::modified},
    {"modifiedTime", field::modified},
    {"modified", field::modified},
    {"updated_at", field::modified},
    {"first_seen_time", field::first_seen},
    {"firstSeenTime", field::first_seen},
    {"first_seen", field::first_seen},
    {"last_seen_time", field::last_seen},
    {"lastSeenTime", field::last_seen},
    {"last_seen", field::last_seen},
    {"ip_address", field::ip},
    {"ipAddress", field::ip},
    {"geo_ip", field::geo},
    {"geoIp", field::geo},
    {"company_domain", field::company_domain},
    {"companyDomain", field::company_domain},
    {"domain_name", field::company_domain},
    {"domain", field::company_domain},
    {"ttfhw_s", field::ttfhw},
    {"ttfhwS", field::ttfhw},
    {"ttfhw", field::ttfhw},
    {"metadata", field::metadata},
    {"session_token", field::secret},
    {"sessionToken", field::secret},
    {"company", field::company},  // only in our own store: the digest of a hashed company
})};

}  // namespace traitsync::profile
