#include "packed_text.hpp"

#define LZ4_STATIC_LINKING_ONLY  // LZ4_attach_dictionary; the archive is linked in
#include <lz4.h>

#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

constexpr char first_dictionary = 1;

bool is_packed(std::string_view stored) { return !stored.empty() && stored.front() == first_dictionary; }

// Shorter texts do not pay for the work.
constexpr std::size_t worth_packing = 64;

void put_size(std::string& out, std::size_t size) {
    for (; size >= 0x80; size >>= 7) out.push_back(static_cast<char>(size | 0x80));
    out.push_back(static_cast<char>(size));
}

std::optional<std::size_t> take_size(std::string_view& in) {
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
        auto const byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        size |= static_cast<std::size_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) return size;
    }
    return std::nullopt;
}

}  // namespace

struct text_packer::streams {
    LZ4_stream_t prepared;
    LZ4_stream_t stream;
};

text_packer::text_packer(std::string_view dictionary, int acceleration)
    : streams_{std::make_unique<streams>()}, acceleration_{acceleration} {
    LZ4_initStream(&streams_->prepared, sizeof streams_->prepared);
    LZ4_initStream(&streams_->stream, sizeof streams_->stream);
    LZ4_loadDict(&streams_->prepared, dictionary.data(), static_cast<int>(dictionary.size()));
}
text_packer::~text_packer() = default;

void text_packer::pack(std::string& out, std::string_view text) {
    if (text.size() < worth_packing || text.size() > LZ4_MAX_INPUT_SIZE) {
        out.assign(text);
        return;
    }
    LZ4_resetStream_fast(&streams_->stream);
    LZ4_attach_dictionary(&streams_->stream, &streams_->prepared);
    out.assign(1, first_dictionary);
    put_size(out, text.size());
    auto const head = out.size();
    auto const size = static_cast<int>(text.size());
    out.resize(head + static_cast<std::size_t>(LZ4_compressBound(size)));
    auto const packed = LZ4_compress_fast_continue(&streams_->stream, text.data(), out.data() + head, size,
                                                   static_cast<int>(out.size() - head), acceleration_);
    if (packed <= 0) throw broken_invariant{"LZ4 needs more room than it said"};
    out.resize(head + static_cast<std::size_t>(packed));
    if (out.size() >= text.size()) out.assign(text);
}

std::size_t unpacked_size(std::string_view stored) {
    if (!is_packed(stored)) return stored.size();
    stored.remove_prefix(1);
    return take_size(stored).value_or(0);
}

std::optional<std::string> unpack_text(std::string_view stored, std::string_view dictionary) {
    if (!is_packed(stored)) return std::string{stored};
    stored.remove_prefix(1);
    auto const size = take_size(stored);
    // LZ4 shrinks by 255 at most: a larger size is no size.
    if (!size || *size > stored.size() * 255 + 64) return std::nullopt;
    std::string text(*size, '\0');
    auto const unpacked =
        LZ4_decompress_safe_usingDict(stored.data(), text.data(), static_cast<int>(stored.size()),
                                      static_cast<int>(*size), dictionary.data(), static_cast<int>(dictionary.size()));
    if (unpacked < 0 || static_cast<std::size_t>(unpacked) != *size) return std::nullopt;
    return text;
}

}  // namespace traitsync::store
