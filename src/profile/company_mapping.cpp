#include "company_mapping.hpp"

#include "quoting.hpp"
#include "scalars.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/core/sha256.hpp"
#include "value_hash.hpp"
#include "value_writer.hpp"

namespace traitsync::profile {

bool company_mapping::find_id(json::value const& document, std::string_view key, std::string& id) {
    found_.read(document);
    id.clear();
    bool has_id = false;
    bool differs = false;
    auto const take = [&](json::value const& v) {
        if (!to_id(buffer_, v)) {
            if (!v.is_null() && !v.is_string()) ++warnings_->wrong_type;
            return;
        }
        differs = differs || (has_id && buffer_ != id);
        if (!has_id) id = buffer_;
        has_id = true;
    };
    found_.each(field::id, [&](json::member const& m) { take(m.val); });
    if (!key.empty()) take({.type = json::kind::string, .text = key});
    if (differs) ++warnings_->id_mismatch;
    return has_id;
}

void company_mapping::begin_object(std::string& text) {
    text_ = &text;
    text.assign(1, '{');
    full_sum_ = trigger_sum_ = full_count_ = trigger_count_ = kept_ = unknown_ = 0;
    values_.fill({0, 0});
    stored_once_.fill(false);
    members_ = 0;
}

void company_mapping::begin_member(company_member m) {
    member_start_ = text_->size();
    append_plain_text(*text_, company_member_names[static_cast<std::size_t>(m)], full_count_ > 0 ? ',' : '\0', ':');
    value_start_ = text_->size();
}

void company_mapping::end_member(company_member m, std::uint64_t full, std::uint64_t trigger, bool triggers) {
    values_[static_cast<std::size_t>(m)] = {value_start_, text_->size() - value_start_};
    auto const name = company_member_names[static_cast<std::size_t>(m)];
    full_sum_ += member_hash(name, full);
    ++full_count_;
    if (m != company_member::id) ++members_;
    if (!triggers) return;
    trigger_sum_ += member_hash(name, trigger);
    ++trigger_count_;
}

void company_mapping::end_object(mapped_company& out) {
    out.text.push_back('}');
    auto const& whole = plan_->at(trait::company);
    if (whole.does == action::drop && (!whole.keeps || full_count_ == 0)) {
        out.text.clear();
        out.full = out.trigger = 0;
        return;
    }
    if (whole.does == action::as_is) {
        // Our own store: the digest stands in place of the object.
        auto const* m = found_.pick(field::company, *warnings_, is_text);
        out.text.clear();
        out.full = out.trigger = 0;
        if (m == nullptr || !m->val.is_string()) return;
        append_quoted(out.text, m->val.text);
        out.full = out.trigger = not_zero(hash_string(m->val.text));
        members_ = 1;
        return;
    }
    out.full = not_zero(object_hash(full_sum_, full_count_));
    out.trigger = not_zero(object_hash(trigger_sum_, trigger_count_));
    if (whole.does != action::hash) return;
    json::document object;
    object.parse(out.text);
    rules::node const unmasked;
    out.text = digest_text(object.root(), unmasked);
    out.full = out.trigger = not_zero(hash_string(std::string_view{out.text}.substr(1, out.text.size() - 2)));
}

void company_mapping::add_text(company_member m, std::string_view s) {
    auto const& n = plan_->at(m);
    if (n.does == action::drop) return;
    begin_member(m);
    auto const shown = without_nul(s, buffer_);
    if (shown.size() != s.size()) ++warnings_->removed_nul;
    std::uint64_t hash = 0;
    if (n.does == action::hash) {
        auto const digest = sha256_hex(shown);
        append_quoted(*text_, digest);
        hash = hash_string(digest);
    } else {
        append_quoted(*text_, shown);
        hash = hash_string(shown);
    }
    end_member(m, hash, hash, n.does != action::ride);
}

void company_mapping::add_date(company_member m, field f, std::optional<std::int64_t>* millis) {
    auto const* found = found_.pick(f, *warnings_, is_text_or_number);
    if (found == nullptr || found->val.is_null()) return;
    auto const does = plan_->at(m).does;
    if (does == action::as_is) {
        add_text(m, found->val.text);
        return;
    }
    auto const time = to_millis(found->val);
    // Hidden or not, the time of the last change orders documents.
    if (millis != nullptr) *millis = time;
    if (does == action::drop) return;
    if (!time) {
        ++warnings_->bad_time;
        return;
    }
    add_text(m, to_rfc3339(from_millis(*time)));
}

void company_mapping::add_ip() {
    auto const* found = found_.pick(field::ip, *warnings_, is_text);
    if (found == nullptr) {
        auto const* geo = found_.pick(field::geo, *warnings_, is_object);
        auto const* ip = geo != nullptr ? geo->val.find("ip") : nullptr;
        if (ip != nullptr && ip->is_string()) add_text(company_member::ip, ip->text);
        return;
    }
    if (found->val.is_string()) add_text(company_member::ip, found->val.text);
}

void company_mapping::add_domain() {
    auto const* found = found_.pick(field::company_domain, *warnings_, is_text);
    if (found != nullptr && found->val.is_string()) add_text(company_member::domain, found->val.text);
}

void company_mapping::add_ttfhw() {
    constexpr auto m = company_member::ttfhw;
    auto const& n = plan_->at(m);
    if (n.does == action::drop) return;
    if (n.does == action::as_is) {
        auto const* found = found_.pick(field::ttfhw, *warnings_, is_text);
        if (found != nullptr && found->val.is_string()) add_text(m, found->val.text);
        return;
    }
    auto const* found = found_.pick(field::ttfhw, *warnings_, [](json::value const& v) { return v.is_number(); });
    if (found == nullptr || !found->val.is_number()) return;
    if (!to_whole(buffer_, found->val.text)) {
        ++warnings_->wrong_type;
        return;
    }
    json::value const whole{.type = json::kind::number, .text = buffer_};
    begin_member(m);
    value_writer<form::sent> writer{*text_, *warnings_};
    auto const w = writer.ruled(whole, n);
    end_member(m, w.full, w.trigger, w.triggers);
}

void company_mapping::add_metadata() {
    constexpr auto m = company_member::metadata;
    auto const& n = plan_->at(m);
    if (n.does == action::drop && !n.keeps) return;
    auto const expects_text = n.does == action::as_is;
    auto const* found = found_.pick(field::metadata, *warnings_, expects_text ? is_text : is_object);
    if (found == nullptr || found->val.is_null()) return;
    begin_member(m);
    value_writer<form::sent> writer{*text_, *warnings_};
    auto const w = writer.ruled(found->val, n);
    if (!w.here) {
        text_->resize(member_start_);
        return;
    }
    end_member(m, w.full, w.trigger, w.triggers);
}

void company_mapping::map(json::value const& document, mapped_company& out) {
    found_.read(document);
    out.modified_millis.reset();
    begin_object(out.text);
    add_text(company_member::id, out.id);
    add_date(company_member::created, field::created);
    add_date(company_member::modified, field::modified, &out.modified_millis);
    add_date(company_member::first_seen, field::first_seen);
    add_date(company_member::last_seen, field::last_seen);
    add_ip();
    add_domain();
    add_ttfhw();
    add_metadata();
    store(document, out);
    end_object(out);
    auto const whole = plan_->of(trait::company);
    if (is_replaced(whole) && !out.text.empty()) {
        out.stored.pop_back();
        out.stored += out.stored.size() > 1 ? ",\"company\":" : "\"company\":";
        out.stored += out.text;
        out.stored += '}';
    }
    auto const id = hash_string(out.id);
    out.content = not_zero(mix(mix(id, out.trigger), kept_ + unknown_));
}

void company_mapping::map_id_alone(mapped_company& out) {
    json::value const nothing{.type = json::kind::object};
    map(nothing, out);
    out.stored.clear();
    out.content = 0;
}

}  // namespace traitsync::profile
