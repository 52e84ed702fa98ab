#pragma once
// Documents made from a seed, for tests of promises that hold for all values.

#include <fmt/core.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace traitsync::profile::test {

// A JSON value that can be written in several ways and changed at one leaf.
struct made_member;
struct made {
    enum class what : unsigned char { text, number, truth, nothing, list, object };
    what kind = what::nothing;
    std::string leaf;  // a string's JSON text, or a whole number's digits
    std::vector<made_member> children;
};
struct made_member {
    std::string key;
    made value;
};

class maker {
public:
    explicit maker(unsigned seed) : random_{seed} {}

    int below(int n) { return std::uniform_int_distribution<int>{0, n - 1}(random_); }

    made value(int depth) {
        made m;
        auto const kinds = depth > 0 ? 7 : 4;
        switch (below(kinds)) {
            case 0:
                m.kind = made::what::text;
                m.leaf = fmt::format("\"s{}\"", below(100));
                break;
            case 1:
                m.kind = made::what::number;
                m.leaf = std::to_string(below(1'000'000) - 500'000);
                break;
            case 2:
                m.kind = made::what::truth;
                m.leaf = below(2) == 0 ? "true" : "false";
                break;
            case 3:
                break;
            case 4:
                m.kind = made::what::list;
                break;
            default:
                m.kind = made::what::object;
                break;
        }
        if (m.kind == made::what::list || m.kind == made::what::object) fill(m, depth);
        return m;
    }

    made object(int depth) {
        made m;
        m.kind = made::what::object;
        fill(m, depth);
        return m;
    }

    // Members in another order, numbers in another spelling.
    std::string written(made const& m, bool freely) {
        switch (m.kind) {
            case made::what::nothing:
                return "null";
            case made::what::number:
                return freely ? spelling(m.leaf) : m.leaf;
            case made::what::list:
            case made::what::object:
                break;
            default:
                return m.leaf;
        }
        std::vector<std::string> parts;
        for (auto const& [key, child] : m.children) {
            auto text = written(child, freely);
            parts.push_back(m.kind == made::what::object ? fmt::format("\"{}\":{}", key, text) : text);
        }
        if (freely && m.kind == made::what::object) std::ranges::shuffle(parts, random_);
        std::string out = m.kind == made::what::object ? "{" : "[";
        for (auto const& p : parts) {
            if (out.size() > 1) out += freely ? " , " : ",";
            out += p;
        }
        return out + (m.kind == made::what::object ? "}" : "]");
    }

    static void collect(made& m, std::vector<made*>& leaves) {
        if (m.children.empty()) leaves.push_back(&m);
        for (auto& [key, child] : m.children) collect(child, leaves);
    }

    // Another value of the same or another kind.
    void change(made& m) {
        switch (m.kind) {
            case made::what::text:
                if (below(2) == 0) {
                    m.leaf.insert(m.leaf.size() - 1, "x");
                } else {
                    m = {};
                }
                break;
            case made::what::number:
                if (below(2) == 0) {
                    m.leaf += "1";
                } else {
                    m.kind = made::what::text;
                    m.leaf = '"' + m.leaf + '"';
                }
                break;
            case made::what::truth:
                m.leaf = m.leaf == "true" ? "false" : "true";
                break;
            case made::what::list:
                m.kind = made::what::object;
                break;
            case made::what::object:
                m.kind = made::what::list;
                break;
            case made::what::nothing:
                m.kind = made::what::list;
                break;
        }
    }

private:
    void fill(made& m, int depth) {
        auto const n = below(6);
        for (int i = 0; i < n; ++i) m.children.emplace_back(fmt::format("k{}", i), value(depth - 1));
    }

    std::string spelling(std::string const& digits) {
        switch (below(4)) {
            case 0:
                return digits + ".0";
            case 1:
                return digits + "e0";
            case 2:
                return digits + "0E-1";
            default:
                return digits;
        }
    }

    std::mt19937 random_;
};

}  // namespace traitsync::profile::test
