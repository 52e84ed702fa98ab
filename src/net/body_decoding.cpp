#include "body_decoding.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "traitsync/core/text.hpp"

namespace traitsync::net {
namespace {

enum class frame { gzip, zlib, none };

int window_bits(frame f) { return f == frame::gzip ? MAX_WBITS + 16 : f == frame::zlib ? MAX_WBITS : -MAX_WBITS; }

enum class ending { complete, broken, too_large };

class inflater {
public:
    explicit inflater(frame f) : frame_{f}, ready_{inflateInit2(&stream_, window_bits(f)) == Z_OK} {}
    ~inflater() {
        if (ready_) inflateEnd(&stream_);
    }
    inflater(inflater const&) = delete;
    inflater& operator=(inflater const&) = delete;

    ending run(std::string& body, std::string& out, std::size_t limit) {
        if (!ready_) return ending::broken;
        stream_.next_in = reinterpret_cast<Bytef*>(body.data());
        stream_.avail_in = static_cast<uInt>(body.size());  // at most the reply limit, far below 4 GB
        for (;;) {
            stream_.next_out = reinterpret_cast<Bytef*>(chunk_.data());
            stream_.avail_out = static_cast<uInt>(chunk_.size());
            auto const code = inflate(&stream_, Z_NO_FLUSH);
            auto const made = chunk_.size() - stream_.avail_out;
            if (made > limit - out.size()) return ending::too_large;
            out.append(chunk_.data(), made);
            if (code == Z_STREAM_END) {
                if (stream_.avail_in == 0) return ending::complete;
                // A further member; only gzip has them.
                if (frame_ != frame::gzip || inflateReset(&stream_) != Z_OK) return ending::broken;
            } else if (code != Z_OK) {
                return ending::broken;  // Z_BUF_ERROR: the data end too early
            }
        }
    }

private:
    frame frame_;
    z_stream stream_{};
    bool ready_;
    std::array<char, 64 * 1024> chunk_;
};

}  // namespace

bool is_plain(std::string_view encoding) { return encoding.empty() || same_word(encoding, "identity"); }

result<std::string> decoded(std::string_view encoding, std::string body, std::size_t limit, std::string room) {
    if (body.empty() || is_plain(encoding)) return body;
    bool const gzip = same_word(encoding, "gzip") || same_word(encoding, "x-gzip");
    if (!gzip && !same_word(encoding, "deflate")) {
        return error{fault::unavailable, "sent its answer in an encoding that was not asked for"};
    }
    auto out = std::move(room);
    out.clear();
    out.reserve(std::min(limit, body.size() * 4));
    auto end = ending::broken;
    if (gzip) {
        end = inflater{frame::gzip}.run(body, out, limit);
    } else {
        end = inflater{frame::zlib}.run(body, out, limit);
        // Some services mean deflate without the zlib frame; the frame's check sum tells at its first bytes.
        if (end == ending::broken && out.empty()) end = inflater{frame::none}.run(body, out, limit);
    }
    if (end == ending::too_large) {
        return error{fault::too_large, fmt::format("sent an answer of more than {} bytes when decoded", limit)};
    }
    if (end == ending::broken) return error{fault::unavailable, "sent a compressed answer that is broken or cut short"};
    return out;
}

}  // namespace traitsync::net
