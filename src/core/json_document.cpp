// The tree is built from the parser's events: members and elements are collected on one stack and copied
// into the arena when their object or array closes, so that each list is contiguous and has its exact size.

#include "traitsync/core/json.hpp"

#include "json_repair.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory_resource>
#include <vector>

namespace traitsync::json {
namespace {

using boost::json::error_code;
using boost::json::string_view;

constexpr std::size_t first_arena_bytes = 64 * 1024;  // a 1 KB document needs about 3 KB
constexpr std::size_t kept_stack_members = 8 * 1024;  // what a stack may keep from one parse to the next
constexpr std::size_t kept_text_bytes = 256 * 1024;
constexpr std::size_t small_object_members = 64;  // up to here a filter finds duplicates, beyond sorting does
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct frame {
    std::size_t begin;  // where the container's members begin on the stack
    bool in_object;     // what surrounds the container
};

// Four 64-bit words as a set of key fingerprints: a key that hits no set bit is new for sure.
class key_filter {
public:
    bool seems_known(std::string_view key) {
        std::size_t const n = key.size();
        unsigned const first = n == 0 ? 0 : static_cast<unsigned char>(key[0]);
        unsigned const middle = n == 0 ? 0 : static_cast<unsigned char>(key[n / 2]);
        unsigned const last = n == 0 ? 0 : static_cast<unsigned char>(key[n - 1]);
        std::uint32_t const mixed = (first | middle << 8 | last << 16 | static_cast<unsigned>(n) << 24) * 0x9e37'79b1U;
        std::uint64_t& word = words_[mixed >> 30];
        std::uint64_t const bit = std::uint64_t{1} << (mixed >> 24 & 63);
        bool const known = (word & bit) != 0;
        word |= bit;
        return known;
    }

private:
    std::array<std::uint64_t, 4> words_{};
};

// Both take the members of one object and leave each key once, at its first place with its last value.
// They return how many members are left.
std::size_t unique_by_filter(member* list, std::size_t size) {
    key_filter filter;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (filter.seems_known(list[i].key)) {
            auto* const same = std::find_if(list, list + kept, [&](member const& m) { return m.key == list[i].key; });
            if (same != list + kept) {
                same->val = list[i].val;
                continue;
            }
        }
        if (kept != i) list[kept] = list[i];
        ++kept;
    }
    return kept;
}

std::size_t unique_by_sorting(member* list, std::size_t size) {
    std::vector<std::uint32_t> order(size);
    for (std::size_t i = 0; i < size; ++i) order[i] = static_cast<std::uint32_t>(i);
    std::sort(order.begin(), order.end(), [list](std::uint32_t a, std::uint32_t b) {
        int const by_key = list[a].key.compare(list[b].key);
        return by_key != 0 ? by_key < 0 : a < b;
    });
    std::vector<bool> superfluous(size, false);
    bool any = false;
    for (std::size_t i = 0; i < size;) {
        std::size_t end = i + 1;
        while (end < size && list[order[end]].key == list[order[i]].key) superfluous[order[end++]] = any = true;
        if (end - i > 1) list[order[i]].val = list[order[end - 1]].val;
        i = end;
    }
    if (!any) return size;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (!superfluous[i]) list[kept++] = list[i];
    }
    return kept;
}

}  // namespace

struct document::workshop {
    explicit workshop(std::size_t deepest)
        : first{new std::byte[first_arena_bytes]}, arena{first.get(), first_arena_bytes}, frames(deepest) {}

    void clear() {
        arena.release();
        stack.clear();
        pending.clear();
        // One huge document must not keep its memory for ever.
        if (stack.capacity() > kept_stack_members) std::vector<member>{}.swap(stack);
        if (pending.capacity() > kept_text_bytes) std::string{}.swap(pending);
        repairs = {};
    }

    std::unique_ptr<std::byte[]> first;
    std::pmr::monotonic_buffer_resource arena;
    std::vector<member> stack;
    std::vector<frame> frames;  // as many as values may be nested
    std::string pending;        // the parts of a string or key that has escapes
    std::string repaired;
    repair_outcome repairs;
};

namespace {

// The handler of boost::json::basic_parser.
template <class Workshop>
struct tree_builder {
    static constexpr std::size_t max_array_size = 0xffff'ffff;
    static constexpr std::size_t max_object_size = 0xffff'ffff;
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    tree_builder(Workshop& at, std::string_view source) : shop{at}, text{source} {}

    Workshop& shop;
    std::string_view text;
    std::size_t depth = 0;
    std::size_t duplicates = 0;
    std::size_t next_number = 0;  // among those set apart
    bool in_object = false;

    // Where the value that just ended belongs: beside its key, or a new element.
    value& place() { return in_object ? shop.stack.back().val : shop.stack.emplace_back().val; }

    bool scalar(value const& v) {
        place() = v;
        return true;
    }

    bool is_source(string_view s) const {
        auto const at = reinterpret_cast<std::uintptr_t>(s.data());
        auto const begin = reinterpret_cast<std::uintptr_t>(text.data());
        return at >= begin && at - begin < text.size();
    }

    // Text without an escape is used where it stands in the source; else it comes in parts from the parser's
    // buffer and is put together in the arena.
    std::string_view kept(string_view last) {
        if (shop.pending.empty() && is_source(last)) return {last.data(), last.size()};
        std::size_t const size = shop.pending.size() + last.size();
        if (size == 0) return {};
        auto* const copy = static_cast<char*>(shop.arena.allocate(size, 1));
        std::memcpy(copy, shop.pending.data(), shop.pending.size());
        if (!last.empty()) std::memcpy(copy + shop.pending.size(), last.data(), last.size());
        shop.pending.clear();
        return {copy, size};
    }

    bool number(string_view source) {
        auto const& apart = shop.repairs.numbers;
        std::string_view number_text{source.data(), source.size()};
        if (next_number < apart.size() && source.data() == text.data() + apart[next_number].offset) {
            number_text = apart[next_number++].source;
        }
        return scalar({.type = kind::number, .text = number_text});
    }

    void open(bool object) {
        shop.frames[depth++] = {shop.stack.size(), in_object};
        in_object = object;
    }

    frame close() {
        frame const f = shop.frames[--depth];
        in_object = f.in_object;
        return f;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code&) { return open(true), true; }
    bool on_array_begin(error_code&) { return open(false), true; }

    bool on_object_end(std::size_t n, error_code&) {
        frame const f = close();
        member* const list = shop.stack.data() + f.begin;
        std::size_t const left = n <= 1                      ? n
                                 : n <= small_object_members ? unique_by_filter(list, n)
                                                             : unique_by_sorting(list, n);
        duplicates += n - left;
        member* copy = nullptr;
        if (left != 0) {
            copy = static_cast<member*>(shop.arena.allocate(left * sizeof(member), alignof(member)));
            std::uninitialized_copy_n(list, left, copy);
        }
        shop.stack.resize(f.begin);
        return scalar({.type = kind::object, .count = static_cast<std::uint32_t>(left), .children = copy});
    }

    bool on_array_end(std::size_t n, error_code&) {
        frame const f = close();
        value* copy = nullptr;
        if (n != 0) {
            copy = static_cast<value*>(shop.arena.allocate(n * sizeof(value), alignof(value)));
            for (std::size_t i = 0; i < n; ++i) new (copy + i) value{shop.stack[f.begin + i].val};
        }
        shop.stack.resize(f.begin);
        return scalar({.type = kind::array, .count = static_cast<std::uint32_t>(n), .children = copy});
    }

    bool on_key_part(string_view s, std::size_t, error_code&) { return shop.pending.append(s.data(), s.size()), true; }
    bool on_key(string_view s, std::size_t, error_code&) {
        shop.stack.emplace_back().key = kept(s);
        return true;
    }

    bool on_string_part(string_view s, std::size_t, error_code&) {
        return shop.pending.append(s.data(), s.size()), true;
    }
    bool on_string(string_view s, std::size_t, error_code&) { return scalar({.type = kind::string, .text = kept(s)}); }

    // A part of a number is reported only where the text ends inside it, which is an error anyway.
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, string_view s, error_code&) { return number(s); }
    bool on_uint64(std::uint64_t, string_view s, error_code&) { return number(s); }
    bool on_double(double, string_view s, error_code&) { return number(s); }

    bool on_bool(bool b, error_code&) { return scalar({.type = kind::boolean, .boolean = b}); }
    bool on_null(error_code&) { return scalar({}); }
    bool on_comment_part(string_view, error_code&) { return false; }
    bool on_comment(string_view, error_code&) { return false; }
};

}  // namespace

document::document(std::size_t deepest) : workshop_{std::make_unique<workshop>(deepest)} {}
document::~document() = default;

parse_fault document::parse_once(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = workshop_->frames.size();
    boost::json::basic_parser<tree_builder<workshop>> parser{options, *workshop_, text};
    error_code failure;
    std::size_t const read = parser.write_some(false, text.data(), text.size(), failure);
    if (failure == boost::json::error::too_deep) return parse_fault::too_deep;
    if (failure || read != text.size()) return parse_fault::syntax;
    duplicate_keys_ = parser.handler().duplicates;
    root_ = workshop_->stack.front().val;
    return parse_fault::none;
}

parse_fault document::parse(std::string_view text) {
    root_ = {};
    duplicate_keys_ = 0;
    replaced_characters_ = 0;
    workshop_->clear();
    if (workshop_->repaired.capacity() > kept_text_bytes) std::string{}.swap(workshop_->repaired);
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());

    parse_fault fault = parse_once(text);
    if (fault == parse_fault::syntax) {
        repair_outcome repairs = repair(text, workshop_->repaired);
        if (!repairs.changed()) return fault;
        workshop_->clear();
        workshop_->repairs = std::move(repairs);
        fault = parse_once(workshop_->repaired);
        if (fault == parse_fault::none) replaced_characters_ = workshop_->repairs.replaced;
    }
    return fault;
}

value const* value::find(std::string_view key) const {
    for (member const& m : members()) {
        if (m.key == key) return &m.val;
    }
    return nullptr;
}

}  // namespace traitsync::json
