#include "traitsync/store/rest_text.hpp"

#define LZ4_STATIC_LINKING_ONLY  // LZ4_attach_dictionary; the archive is linked in
#include <lz4.h>

#include <memory>

#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

constexpr char first_dictionary = 1;

// Shorter texts do not pay for the work.
constexpr std::size_t worth_packing = 64;
// What Moesif's documents usually say (its management API's fields), at most 64 KB.
// NEVER edited: stored texts refer to it. A better one gets the next number.
constexpr std::string_view dictionary =
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

// One of each a thread, for its whole life. The dictionary is hashed once and looked at from there: copying its 16 KB
// for each document costs half as much as the packing.
struct packer {
    LZ4_stream_t prepared;
    LZ4_stream_t stream;
    packer() {
        LZ4_initStream(&prepared, sizeof prepared);
        LZ4_initStream(&stream, sizeof stream);
        LZ4_loadDict(&prepared, dictionary.data(), static_cast<int>(dictionary.size()));
    }
};

void put_size(std::string& out, std::size_t size) {
    for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>(size | 0x80));
    out.push_back(static_cast<char>(size));
}

std::size_t take_size(std::string_view& in) {
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
        auto const byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        size |= static_cast<std::size_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) return size;
    }
    throw broken_invariant{"a stored document has no size"};
}

}  // namespace

void pack_rest(std::string& out, std::string_view text) {
    if (text.size() < worth_packing || text.size() > LZ4_MAX_INPUT_SIZE) {
        out.assign(text);
        return;
    }
    thread_local auto const p = std::make_unique<packer>();  // 32 KB: too much for a thread's own storage
    LZ4_resetStream_fast(&p->stream);
    LZ4_attach_dictionary(&p->stream, &p->prepared);
    out.assign(1, first_dictionary);
    put_size(out, text.size());
    auto const head = out.size();
    auto const size = static_cast<int>(text.size());
    out.resize(head + static_cast<std::size_t>(LZ4_compressBound(size)));
    auto const packed = LZ4_compress_fast_continue(&p->stream, text.data(), out.data() + head, size,
                                                   static_cast<int>(out.size() - head), 1);
    if (packed <= 0) throw broken_invariant{"LZ4 needs more room than it said"};
    out.resize(head + static_cast<std::size_t>(packed));
    if (out.size() >= text.size()) out.assign(text);
}

std::string unpack_rest(std::string_view stored) {
    if (stored.empty() || stored.front() != first_dictionary) return std::string{stored};
    stored.remove_prefix(1);
    auto const size = take_size(stored);
    // LZ4 shrinks by 255 at most: a larger size is no size.
    if (size > stored.size() * 255 + 64) throw broken_invariant{"a stored document has a wrong size"};
    std::string text(size, '\0');
    auto const unpacked =
        LZ4_decompress_safe_usingDict(stored.data(), text.data(), static_cast<int>(stored.size()),
                                      static_cast<int>(size), dictionary.data(), static_cast<int>(dictionary.size()));
    if (unpacked < 0 || static_cast<std::size_t>(unpacked) != size) {
        throw broken_invariant{"a stored document cannot be unpacked"};
    }
    return text;
}

}  // namespace traitsync::store
