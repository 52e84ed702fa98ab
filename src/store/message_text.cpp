#include "message_text.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "packed_text.hpp"
#include "statement.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

// What an identify says (delivery/message), and the values that Moesif's documents often have, at most 64 KB. A match
// costs as much wherever it lies.
// NEVER edited: stored messages refer to it. A better one gets the next number.
constexpr std::string_view dictionary =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 "
    "Mobile/15E148 Safari/604.1 Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 "
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36 Edge/ Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
    "America/New_York\",\"America/Los_Angeles\",\"America/Chicago\",\"Asia/Kolkata\",\"Asia/\",\"Australia/Sydney\","
    "\"Europe/London\",\"Europe/Berlin\",\"Africa/"
    "\"United States\",\"United Kingdom\",\"Germany\",\"India\",\"France\",\"Canada\",\"Brazil\",\"California\","
    "\"subscriptions\":[{\"status\":\"active\",\"currency\":\"EUR\",\"USD\",\"title\":\"first_name\":\"last_name\":"
    "\"phone\":\"photo_url\":\"https://www.example.com/\"employment\":{\"title\":\"Engineer\",\"seniority\":\"senior\"}"
    "\"metrics\":{\"employees\":\"plan\":\"pro\",\"tier\":\"enterprise\",\"region\":\"EMEA\",\"seats\":\"trial\":true,"
    "false,null,\"tags\":[\"billing\":{\"mrr\":\"note\":\""
    "{\"type\":\"identify\",\"messageId\":\"01a\",\"userId\":\"\",\"timestamp\":\"2026-01-01T00:00:00.000Z\","
    "\"traits\":"
    "{\"id\":\"\",\"createdAt\":\"2026-01-01T00:00:00.000Z\",\"modifiedTime\":\"2026-01-01T00:00:00.000Z\","
    "\"firstSeenTime\":\"2025-12-01T00:00:00.000Z\",\"lastSeenTime\":\"2026-02-01T00:00:00.000Z\",\"name\":\"\","
    "\"email\":\"@gmail.com\",\"username\":\"\",\"company\":{\"id\":\"\",\"created\":\"2025-11-01T00:00:00.000Z\","
    "\"modifiedTime\":\"2026-02-01T00:00:00.000Z\",\"firstSeenTime\":\"2025-12-01T00:00:00.000Z\",\"lastSeenTime\":"
    "\"2026-02-01T00:00:00.000Z\",\"ipAddress\":\"\",\"companyDomain\":\".com\",\"ttfhw_s\":,\"campaign\":null,"
    "\"metadata\":"
    "{\"name\":\"\"}},\"campaign\":{\"utm_source\":\"google\",\"utm_medium\":\"cpc\",\"utm_campaign\":\"\",\"utm_"
    "term\":"
    "\"\",\"utm_content\":\"\",\"referrer\":\"https://\",\"referring_domain\":\"\",\"gclid\":\"\"},\"clearbit\":"
    "{\"person\":{\"title\":\"\",\"seniority\":\"\"},\"company\":{\"employees\":}},\"last24HourAggResults\":"
    "{\"weight\":{\"sum\":},\"error_rate\":0.},\"metadata\":{},\"userAgent\":{\"name\":\"Chrome\",\"major\":\"120\","
    "\"minor\":\"0\",\"patch\":\"0\",\"os\":\"Windows "
    "10\",\"os_name\":\"Windows\",\"os_major\":\"10\",\"os_minor\":\"0\","
    "\"device\":\"Other\"}},\"context\":{\"ip\":\"192.0.2.1\",\"location\":{\"city\":\"\",\"country\":\"\",\"region\":"
    "\"\",\"latitude\":37.,\"longitude\":-122.},\"timezone\":\"America/\",\"userAgent\":\"Mozilla/5.0 (Windows NT "
    "10.0; "
    "Win64; x64) Chrome/120.0\",\"active\":false,\"library\":{\"name\":\"traitsync\",\"version\":\"0.1.0\"}}}";

constexpr std::size_t sum_bytes = 4;

std::array<char, sum_bytes> sum_of(std::string_view text) {
    auto const hash = XXH3_64bits(text.data(), text.size());
    std::array<char, sum_bytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(hash >> (8 * i));
    return bytes;
}

std::optional<std::string> unpacked(std::string_view stored) {
    if (stored.size() < sum_bytes) return std::nullopt;
    auto const sum = stored.substr(stored.size() - sum_bytes);
    auto text = unpack_text(stored.substr(0, stored.size() - sum_bytes), dictionary);
    if (text && !std::ranges::equal(sum_of(*text), sum)) return std::nullopt;
    return text;
}

}  // namespace

void pack_message(std::string& out, std::string_view text) {
    // Of 1,300 bytes 565 are left after 2.4 µs with 1, 620 after 1.1 with 4, 750 after 0.8 with 8; a delivery takes 10.
    thread_local text_packer packer{dictionary, 4};
    packer.pack(out, text);
    auto const sum = sum_of(text);
    out.append(sum.begin(), sum.end());
}

std::string read_message(statement& row, int column) {
    if (!row.is_blob(column)) return std::string{row.text(column)};
    auto text = unpacked(row.text(column));
    if (!text) throw damaged_content{"the stored bytes of a message are damaged"};
    return std::move(*text);
}

std::size_t message_size(statement& row, int column) {
    auto const stored = row.text(column);
    if (!row.is_blob(column)) return stored.size();
    return unpacked_size(stored.substr(0, stored.size() - std::min(stored.size(), sum_bytes)));
}

bool is_packed_message(std::string_view stored) { return unpacked(stored).has_value(); }

}  // namespace traitsync::store
