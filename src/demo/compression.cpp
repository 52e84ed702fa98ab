#include "compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace traitsync::demo {

namespace {

constexpr int gzip_window = 15 + 16;  // the largest window, with the gzip frame
constexpr int memory_level = 8;       // zlib's default

Bytef* bytes_of(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

std::string gzip(std::string_view plain) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc{};
    }
    std::string packed(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = bytes_of(plain);
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = bytes_of(packed);
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::optional<std::string> gunzip(std::string_view packed, std::size_t limit) {
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc{};
    stream.next_in = bytes_of(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string plain;
    int state = Z_OK;
    while (state == Z_OK && plain.size() <= limit) {
        std::size_t const had = plain.size();
        plain.resize(had + std::max<std::size_t>(packed.size() * 4, 4096));
        stream.next_out = bytes_of(plain) + had;
        stream.avail_out = static_cast<uInt>(plain.size() - had);
        state = inflate(&stream, Z_NO_FLUSH);
        plain.resize(plain.size() - stream.avail_out);
    }
    bool const whole = state == Z_STREAM_END && stream.avail_in == 0 && plain.size() <= limit;
    inflateEnd(&stream);
    if (!whole) return std::nullopt;
    return plain;
}

}  // namespace traitsync::demo
