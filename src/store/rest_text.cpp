#include "traitsync/store/rest_text.hpp"

#include <utility>

#include "packed_text.hpp"
#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

// What Moesif's documents usually say (its management API's fields), at most 64 KB.
// NEVER edited: stored texts refer to it. A better one gets the next number.
constexpr std::string_view rest_dictionary =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36 Edge/ Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 "
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 "
    "\"session_token\":\"\",\"phone\":\"\",\"photo_url\":\"https://"
    "\",\"title\":\"\",\"company_id\":\"\",\"auth_user_id\":"
    "true,false,null,\"region_code\":\"\",\"dma_code\":\"location\":{\"lon\":0.\"lat\":},\"continent_code\":\"AS\","
    "\"SA\",\"OC\","
    "\"EU\",\"NA\",\"country_code2\":\"US\",\"country_code3\":\"USA\",\"country_name\":\"United "
    "States\",\"region_name\":\"California\","
    "\"city_name\":\"San Francisco\",America/New_York Europe/Berlin Asia/ "
    "{\"user_id\":\x01\x41,\"identified_user_id\":\x01\x41,\"created\":\x01\x42,\"modified_time\":\"2026-01-01T00:00:"
    "00.000\","
    "\"first_seen_time\":\"2025-01-01T00:00:00.0000000Z\",\"name\":\x01\x46,\"first_name\":\"\",\"last_name\":\"\","
    "\"email\":\x01\x47,"
    "\"user_name\":\x01\x48,\"last_seen_time\":\"2026-02-01T00:00:00.0000000Z\",\"ip_address\":\"192.0.2.1\",\"geo_"
    "ip\":{\"ip\":\"\","
    "\"city_name\":\"\",\"region_name\":\"\",\"country_name\":\"\",\"country_code2\":\"\",\"continent_code\":\"EU\","
    "\"postal_code\":"
    "\"00100\",\"timezone\":\"Europe/\",\"latitude\":-1.,\"longitude\":36.},\"user_agent_string\":\"Mozilla/5.0 "
    "(Windows NT 10.0; "
    "Win64; x64) "
    "\",\"user_agent\":\x01\x4e,\"last_24_hour_agg_results\":\x01\x4c,\"campaign\":\x01\x4a,\"clearbit\":\x01\x4b,"
    "\"metadata\":\x01\x4d,\"app_id\":\"198:3\",\"org_id\":\"177:3\"}";

}  // namespace

void pack_rest(std::string& out, std::string_view text) {
    thread_local text_packer packer{rest_dictionary, 1};
    packer.pack(out, text);
}

std::string unpack_rest(std::string_view stored) {
    auto text = unpack_text(stored, rest_dictionary);
    if (!text) throw damaged_content{"a stored document cannot be unpacked"};
    return std::move(*text);
}

}  // namespace traitsync::store
