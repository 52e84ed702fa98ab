#pragma once
// A company document, or the `company` object of a user, to the trait `company`. Private to profile/.

#include "found_fields.hpp"
#include "plan.hpp"

namespace traitsync::profile {

class company_mapping {
public:
    company_mapping(plan const& p, warning_counts& warnings) : plan_{&p}, warnings_{&warnings} {}

    // Finds the document's id; `key` is its `_id` from outside. False when it has none.
    bool find_id(json::value const& document, std::string_view key, std::string& id);

    // Fills all of `out` but `id`, which is given.
    void map(json::value const& document, mapped_company& out);

    // The company of which only the id is known.
    void map_id_alone(mapped_company& out);

    int members() const { return members_; }            // of the object beside its id
    std::uint64_t unknown() const { return unknown_; }  // hash of the members that belong to no trait

private:
    void begin_object(std::string& text);
    void begin_member(company_member m);
    void end_member(company_member m, std::uint64_t full, std::uint64_t trigger, bool triggers);
    void end_object(mapped_company& out);
    void add_text(company_member m, std::string_view s);
    void add_date(company_member m, field f, std::optional<std::int64_t>* millis = nullptr);
    void add_ip();
    void add_domain();
    void add_ttfhw();
    void add_metadata();
    void store(json::value const& document, mapped_company& out);
    bool store_member(std::string& out, json::member const& m, field what);
    bool store_replaced(std::string& out, company_member m, field what);
    bool store_geo(std::string& out, json::member const& m);

    plan const* plan_;
    warning_counts* warnings_;
    found_fields<company_fields> found_;
    std::string* text_ = nullptr;
    std::size_t member_start_ = 0;
    std::size_t value_start_ = 0;
    std::array<std::pair<std::size_t, std::size_t>, company_member_count> values_{};  // where in the text, length
    std::array<bool, company_member_count> stored_once_{};
    std::uint64_t full_sum_ = 0;
    std::uint64_t trigger_sum_ = 0;
    std::uint64_t full_count_ = 0;
    std::uint64_t trigger_count_ = 0;
    std::uint64_t kept_ = 0;  // hash of the known members as stored, without riding values
    std::uint64_t unknown_ = 0;
    int members_ = 0;
    std::string buffer_;
};

}  // namespace traitsync::profile
