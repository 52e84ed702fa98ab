#include "page_reader.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <numeric>
#include <stdexcept>

namespace traitsync::bench::limit {
namespace {

namespace json = boost::json;

void append_quoted(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    auto const plain = std::ranges::none_of(
        text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
    if (plain) {
        out += text;
    } else {
        for (char const c : text) {
            if (c == '"' || c == '\\') {
                out += '\\';
                out += c;
            } else if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += digits[c >> 4];
                out += digits[c & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

}  // namespace

struct page_reader::handler {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr int hit_depth = 4, source_depth = 5;  // {hits: {hits: [{_id, _source: {…}}]}}

    page_reader* reader = nullptr;
    taker const* take = nullptr;
    int depth = 0;
    std::vector<std::size_t> path_sizes = {};  // of `path` at each level of the document
    std::string path = {}, key = {}, text = {}, id = {};
    std::size_t arrays = 0;  // elements are written whole, as one value
    bool is_id = false;

    bool inside() const { return depth >= source_depth; }

    void begin_line() {
        auto& r = *reader;
        r.lines_.push_back({static_cast<std::uint32_t>(r.leaves_.size()), 0, 0});
        r.leaves_ += path;
        r.lines_.back().key = static_cast<std::uint32_t>(path.size());
        r.leaves_ += key_end;
    }
    void end_line() {
        auto& r = *reader;
        r.leaves_ += '\n';
        r.lines_.back().size = static_cast<std::uint32_t>(r.leaves_.size() - r.lines_.back().begin);
    }
    // A leaf; inside an array it is one of the elements.
    template <class Write>
    bool leaf(Write write) {
        if (!inside()) return true;
        if (arrays == 0) begin_line();
        if (arrays > 0 && reader->leaves_.back() != '[') reader->leaves_ += ',';
        write(reader->leaves_);
        if (arrays == 0) end_line();
        return true;
    }
    bool plain(std::string_view s) {
        return leaf([s](std::string& out) { out += s; });
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        ++depth;
        if (inside()) path_sizes.push_back(depth == source_depth ? 0 : path.size());
        if (depth == source_depth) path.clear();
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) {
        if (inside()) path_sizes.pop_back();
        if (depth == hit_depth) {
            (*take)(id, reader->in_order());
            reader->leaves_.clear();
            reader->lines_.clear();
        }
        --depth;
        return true;
    }
    bool on_array_begin(json::error_code&) {
        if (inside()) {
            if (arrays++ == 0) begin_line();
            reader->leaves_ += '[';
        } else {
            ++depth;
        }
        return true;
    }
    bool on_array_end(std::size_t, json::error_code&) {
        if (arrays > 0) {
            reader->leaves_ += ']';
            if (--arrays == 0) end_line();
        } else {
            --depth;
        }
        return true;
    }
    bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
        key.append(s.data(), s.size());
        return true;
    }
    bool on_key(json::string_view s, std::size_t, json::error_code&) {
        key.append(s.data(), s.size());
        if (inside()) {
            path.resize(path_sizes.back());
            if (!path.empty()) path += '.';
            path += key;
        } else {
            is_id = depth == hit_depth && key == "_id";
        }
        key.clear();
        return true;
    }
    bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_string(json::string_view s, std::size_t, json::error_code&) {
        text.append(s.data(), s.size());
        if (is_id) id = text;
        is_id = false;
        leaf([this](std::string& out) { append_quoted(out, text); });
        text.clear();
        return true;
    }
    bool on_number_part(json::string_view s, json::error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool number(json::string_view s) {
        text.append(s.data(), s.size());
        plain(text);
        text.clear();
        return true;
    }
    bool on_int64(std::int64_t, json::string_view s, json::error_code&) { return number(s); }
    bool on_uint64(std::uint64_t, json::string_view s, json::error_code&) { return number(s); }
    bool on_double(double, json::string_view s, json::error_code&) { return number(s); }
    bool on_bool(bool b, json::error_code&) { return plain(b ? "true" : "false"); }
    bool on_null(json::error_code&) { return plain("null"); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

std::string const& page_reader::in_order() {
    auto const before = [this](std::uint16_t a, std::uint16_t b) { return key_of(lines_[a]) < key_of(lines_[b]); };
    if (order_.size() != lines_.size() || !std::ranges::is_sorted(order_, before)) {
        order_.resize(lines_.size());
        std::iota(order_.begin(), order_.end(), std::uint16_t{0});
        std::ranges::sort(order_, before);
    }
    sorted_.clear();
    for (auto const i : order_) sorted_ += text_of(lines_[i]);
    return sorted_;
}

void page_reader::read(std::string_view page, taker const& take) {
    json::basic_parser<handler> parser{json::parse_options{}};
    parser.handler().reader = this;
    parser.handler().take = &take;
    json::error_code failed;
    parser.write_some(false, page.data(), page.size(), failed);
    if (failed) throw std::runtime_error{"a page that is no JSON: " + failed.message()};
}

}  // namespace traitsync::bench::limit
