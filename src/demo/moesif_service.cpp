#include "traitsync/demo/moesif_service.hpp"

#include <fmt/format.h>

#include "http_listener.hpp"
#include "made_documents.hpp"
#include "moesif_desk.hpp"
#include "stored_documents.hpp"

namespace traitsync::demo {

namespace {

// Searches are small; more is no search.
constexpr std::size_t most_search_bytes = std::size_t{1} << 20;

std::unique_ptr<document_set> documents_of(generated_documents recipe) {
    if (recipe.count == 0) return std::make_unique<stored_documents>();
    return std::make_unique<made_documents>(std::move(recipe));
}

}  // namespace

std::size_t moesif_counts::of_status(int status) const {
    auto const found = by_status.find(status);
    return found == by_status.end() ? 0 : found->second;
}

std::size_t moesif_counts::exchanges() const {
    std::size_t sum = 0;
    for (auto const& [status, count] : by_status) sum += count;
    return sum;
}

struct moesif_service::parts {
    explicit parts(moesif_options options)
        : desk{std::move(options)}, listener{desk, desk.wanted_port(), most_search_bytes} {}

    moesif_desk desk;
    http_listener listener;

    auto lock() const { return std::unique_lock{desk.mutex}; }
    steady_time due() const { return desk.now() + desk.faults.visible_after; }
};

moesif_service::moesif_service(moesif_options options) : parts_{std::make_unique<parts>(std::move(options))} {}

moesif_service::~moesif_service() { stop(); }

std::string moesif_service::url() const { return fmt::format("http://127.0.0.1:{}{}", port(), parts_->desk.prefix()); }

std::uint16_t moesif_service::port() const { return parts_->listener.port(); }

void moesif_service::stop() { parts_->listener.stop(); }

void moesif_service::listen(bool on) { parts_->listener.listen(on); }

void moesif_service::put_user(std::string id, std::string source, std::optional<std::int64_t> modified) {
    auto const lock = parts_->lock();
    parts_->desk.users.put(std::move(id), std::move(source), modified.value_or(no_time), parts_->due(),
                           parts_->desk.now());
}

void moesif_service::put_company(std::string id, std::string source, std::optional<std::int64_t> modified) {
    auto const lock = parts_->lock();
    parts_->desk.companies.put(std::move(id), std::move(source), modified.value_or(no_time), parts_->due(),
                               parts_->desk.now());
}

void moesif_service::remove_user(std::string_view id) {
    auto const lock = parts_->lock();
    parts_->desk.users.remove(std::string{id}, parts_->due(), parts_->desk.now());
}

void moesif_service::remove_company(std::string_view id) {
    auto const lock = parts_->lock();
    parts_->desk.companies.remove(std::string{id}, parts_->due(), parts_->desk.now());
}

std::size_t moesif_service::users() const {
    auto const lock = parts_->lock();
    return parts_->desk.users.size();
}

std::size_t moesif_service::companies() const {
    auto const lock = parts_->lock();
    return parts_->desk.companies.size();
}

void moesif_service::set_generated_users(generated_documents recipe) {
    auto documents = documents_of(std::move(recipe));  // sorted before the service is held up
    auto const lock = parts_->lock();
    parts_->desk.users.replace(std::move(documents));
}

void moesif_service::set_generated_companies(generated_documents recipe) {
    auto documents = documents_of(std::move(recipe));
    auto const lock = parts_->lock();
    parts_->desk.companies.replace(std::move(documents));
}

void moesif_service::set_faults(moesif_faults faults) {
    auto const lock = parts_->lock();
    parts_->desk.faults = faults;
    parts_->desk.dice.seed(faults.seed);
}

moesif_faults moesif_service::faults() const {
    auto const lock = parts_->lock();
    return parts_->desk.faults;
}

void moesif_service::script(std::vector<moesif_fault> faults) {
    auto const lock = parts_->lock();
    parts_->desk.dice.append(faults);
}

std::size_t moesif_service::scripted() const {
    auto const lock = parts_->lock();
    return parts_->desk.dice.scripted();
}

void moesif_service::publish() {
    auto const lock = parts_->lock();
    parts_->desk.users.publish_all();
    parts_->desk.companies.publish_all();
}

void moesif_service::set_before_page(std::function<void(page_event const&)> hook) {
    auto const lock = parts_->lock();
    parts_->desk.before_page = std::move(hook);
}

moesif_counts moesif_service::counts() const {
    auto const lock = parts_->lock();
    return parts_->desk.counts;
}

std::vector<moesif_exchange> moesif_service::recent() const {
    auto const lock = parts_->lock();
    return {parts_->desk.recent.begin(), parts_->desk.recent.end()};
}

bool moesif_service::wait_for(std::chrono::milliseconds limit, std::function<bool(moesif_counts const&)> done) const {
    auto lock = parts_->lock();
    return parts_->desk.changed.wait_for(lock, limit, [&] { return done(parts_->desk.counts); });
}

}  // namespace traitsync::demo
