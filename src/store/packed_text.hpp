#pragma once
// Short JSON texts packed one by one: LZ4 with a dictionary of what such texts usually say. Private to store/; any
// thread. Who keeps packed texts owns their dictionary, and the form is the same for all:
//
//   plain: the text itself, which begins with '{', or nothing
//   packed: u8 1 (which dictionary), varint size of the text, one LZ4 block

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync::store {

// One a thread and dictionary: not to be shared between threads. The dictionary must outlive it. It is hashed once and
// looked at from there: copying its 16 KB for each text costs half as much as the packing.
class text_packer {
public:
    // `acceleration`: LZ4's; 1 packs closest, each step takes less time.
    text_packer(std::string_view dictionary, int acceleration);
    ~text_packer();

    // Replaces `out`. What would not shrink stays plain.
    void pack(std::string& out, std::string_view text);

private:
    struct streams;
    std::unique_ptr<streams> streams_;
    int acceleration_;
};

// How long the text is; 0 of bytes that do not say it.
std::size_t unpacked_size(std::string_view stored);

// Nothing of bytes that no text_packer with this dictionary made.
std::optional<std::string> unpack_text(std::string_view stored, std::string_view dictionary);

}  // namespace traitsync::store
