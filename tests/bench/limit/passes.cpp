#include "passes.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "lines.hpp"

namespace traitsync::bench::limit {
namespace {

constexpr std::size_t batch_bytes = 475'000, batch_messages = 2500;

std::string_view bytes_of(XXH128_hash_t const& hash) { return {reinterpret_cast<char const*>(&hash), sizeof hash}; }

void append_hex(std::string& out, std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    for (char const c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[c & 15];
    }
}

}  // namespace

void passes::page(std::string_view text) {
    t_.begin.run();
    reader_.read(text, [this](std::string_view id, std::string const& lines) { profile(id, lines); });
    t_.commit.run();
}

void passes::profile(std::string_view id, std::string const& lines) {
    auto const hash = static_cast<std::int64_t>(XXH3_64bits(id.data(), id.size()));
    auto const content = XXH3_128bits(lines.data(), lines.size());
    if (!t_.find.bind(1, hash).row()) {
        auto const no = ++numbers_;
        t_.add_id.bind(1, hash).bind(2, no).bind(3, bytes_of(content)).run();
        t_.add_profile.bind(1, no).bind(2, id).bind(3, lines).run();
        queue(no, lines);
        return;
    }
    auto const no = t_.find.integer(0);
    auto const same = t_.find.text(1) == bytes_of(content);
    t_.find.reset();
    if (same) return;
    delta_.clear();
    if (t_.wanted.bind(1, no).row()) difference(t_.wanted.text(0), lines, delta_);
    t_.wanted.reset();
    t_.set_wanted.bind(1, lines).bind(2, no).run();
    t_.set_content.bind(1, bytes_of(content)).bind(2, hash).run();
    queue(no, delta_);
}

void passes::queue(std::int64_t no, std::string_view lines) {
    std::uint64_t const id[2] = {random_(), random_()};
    auto const bytes = std::string_view{reinterpret_cast<char const*>(id), sizeof id};
    t_.enqueue.bind(1, ++queued_).bind(2, no).bind(3, bytes).bind(4, lines).run();
}

void passes::append_message(std::string_view user, std::string_view message_id, std::string_view lines) {
    body_ += body_.empty() ? R"({"batch":[{"type":"identify","messageId":")" : R"(,{"type":"identify","messageId":")";
    append_hex(body_, message_id);
    body_ += R"(","userId":")";
    body_ += user;
    body_ += R"(","traits":{)";
    append_members(body_, lines);
    body_ += "}}";
}

std::size_t passes::batch() {
    std::size_t count = 0;
    body_.clear();
    t_.begin.run();
    for (t_.waiting.bind(1, sent_); count < batch_messages && body_.size() < batch_bytes && t_.waiting.row(); ++count) {
        auto const no = t_.waiting.integer(1);
        auto const lines = t_.waiting.text(3);
        if (t_.id_of.bind(1, no).row()) append_message(t_.id_of.text(0), t_.waiting.text(2), lines);
        t_.id_of.reset();
        state_.clear();
        bool const known = t_.acknowledged.bind(1, no).row();
        if (known) merge(t_.acknowledged.text(0), lines, state_);
        t_.acknowledged.reset();
        t_.acknowledge.bind(1, no).bind(2, known ? std::string_view{state_} : lines).run();
        sent_ = t_.waiting.integer(0);
    }
    t_.waiting.reset();
    body_ += "]}";
    t_.dequeue.bind(1, sent_).run();
    t_.commit.run();
    return count;
}

bool passes::replay_step() {
    auto const before = replayed_;
    t_.begin.run();
    for (t_.profiles_after.bind(1, replayed_); t_.profiles_after.row();) {
        replayed_ = t_.profiles_after.integer(0);
        queue(replayed_, t_.profiles_after.text(2));
    }
    t_.commit.run();
    return replayed_ != before;
}

}  // namespace traitsync::bench::limit
