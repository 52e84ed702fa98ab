#pragma once
// A user document to traits, context and what is stored of it. Private to profile/.

#include "company_mapping.hpp"
#include "found_fields.hpp"
#include "plan.hpp"

namespace traitsync::profile {

class user_mapping {
public:
    user_mapping(plan const& p, warning_counts& warnings) : plan_{&p}, warnings_{&warnings}, company_{p, warnings} {}

    enum class identity : std::uint8_t { known, anonymous, none };

    // Finds who the document is about; `key` is its `_id` from outside.
    identity identify(json::value const& document, std::string_view key, std::string& id);
    bool removed_nul_from_id() const { return id_altered_; }

    // Fills all of `out` but `id`, which is given. `identify` has seen the same document.
    void map(json::value const& document, mapped_user& out);

private:
    // user_mapping.cpp
    void map_traits(mapped_user& out);
    void set_text(mapped_user& out, trait t, std::string_view s, json::member const* from);
    void set_null(mapped_user& out, trait t);
    void map_text(mapped_user& out, trait t, field f);
    void map_date(mapped_user& out, trait t, field f);
    void map_object(mapped_user& out, trait t, field f);
    void map_name(mapped_user& out);
    bool join_name(mapped_user& out, json::value const* first, json::value const* last);
    json::value const* borrow(borrowed_member m) const;
    void map_borrowed(mapped_user& out, trait t, std::initializer_list<borrowed_member> members);
    void map_company(mapped_user& out);
    bool find_link(mapped_user& out);

    // user_context.cpp
    void map_context(mapped_user& out);
    void add_ip(std::string& out, json::value const* geo);
    void add_location(std::string& out, json::value const& geo);
    bool store_geo(mapped_user& out, json::member const& m);

    // user_storage.cpp
    void store(json::value const& document, mapped_user& out);
    bool store_member(mapped_user& out, json::member const& m, field what);
    bool store_trait(mapped_user& out, json::member const& m, field what, trait t);
    bool store_replaced(mapped_user& out, field what, trait t);
    bool store_plain(mapped_user& out, json::member const& m, std::uint64_t* content);
    void close_replaced(mapped_user& out);
    std::uint64_t content_of(mapped_user const& out) const;

    plan const* plan_;
    warning_counts* warnings_;
    bool id_altered_ = false;
    company_mapping company_;
    found_fields<user_fields> found_;
    // The member whose value is exactly a trait's text, which then need not be stored twice.
    std::array<json::member const*, trait_count> marked_{};
    trait_set stored_;  // hashed traits that stand in `rest`
    json::value const* metadata_ = nullptr;
    std::uint64_t kept_ = 0;  // hash of what is stored, without riding values and context
    bool stores_company_ = false;
    std::string buffer_;
    std::string name_;
};

// The trait that a field belongs to.
std::optional<trait> trait_of(field f);

}  // namespace traitsync::profile
