#include "traitsync/demo/segment_service.hpp"

#include <fmt/format.h>

#include <memory>

#include "http_listener.hpp"
#include "segment_desk.hpp"

namespace traitsync::demo {

namespace {

// Above Segment's limit, so that a body beyond that one is read and gets Segment's own answer.
constexpr std::size_t most_batch_bytes = std::size_t{8} << 20;

}  // namespace

std::size_t segment_counts::of_status(int status) const {
    auto const found = by_status.find(status);
    return found == by_status.end() ? 0 : found->second;
}

std::size_t segment_counts::failures() const {
    std::size_t sum = 0;
    for (auto const& [status, count] : by_status) sum += status == 200 ? 0 : count;
    return sum;
}

struct segment_service::parts {
    explicit parts(segment_options options)
        : desk{std::move(options)}, listener{desk, desk.wanted_port(), most_batch_bytes} {}

    segment_desk desk;
    http_listener listener;

    auto lock() const { return std::unique_lock{desk.mutex}; }
};

segment_service::segment_service(segment_options options) : parts_{std::make_unique<parts>(std::move(options))} {}

segment_service::~segment_service() { stop(); }

std::string segment_service::url() const { return fmt::format("http://127.0.0.1:{}", port()); }

std::uint16_t segment_service::port() const { return parts_->listener.port(); }

void segment_service::stop() { parts_->listener.stop(); }

void segment_service::listen(bool on) { parts_->listener.listen(on); }

void segment_service::set_faults(segment_faults faults) {
    auto const lock = parts_->lock();
    parts_->desk.dice.seed(faults.seed);
    parts_->desk.faults = std::move(faults);
}

segment_faults segment_service::faults() const {
    auto const lock = parts_->lock();
    return parts_->desk.faults;
}

void segment_service::script(std::vector<segment_fault> faults) {
    auto const lock = parts_->lock();
    parts_->desk.dice.append(faults);
}

std::size_t segment_service::scripted() const {
    auto const lock = parts_->lock();
    return parts_->desk.dice.scripted();
}

void segment_service::set_refuse(std::function<bool(std::string_view, std::string_view)> refuse) {
    auto const lock = parts_->lock();
    parts_->desk.refuse = std::move(refuse);
}

void segment_service::set_recording(recording level) {
    auto const lock = parts_->lock();
    parts_->desk.set_recording(level);
}

segment_counts segment_service::counts() const {
    auto const lock = parts_->lock();
    return parts_->desk.counts();
}

std::optional<std::map<std::string, std::string>> segment_service::state_of(std::string_view user_id) const {
    auto const lock = parts_->lock();
    return parts_->desk.record().state_of(user_id);
}

std::vector<std::string> segment_service::user_ids() const {
    auto const lock = parts_->lock();
    return parts_->desk.record().user_ids();
}

std::vector<message_arrival> segment_service::messages_of(std::string_view user_id) const {
    auto const lock = parts_->lock();
    return parts_->desk.record().messages_of(user_id);
}

std::vector<std::string> segment_service::violations() const {
    auto const lock = parts_->lock();
    return parts_->desk.record().violations();
}

void segment_service::forget() {
    auto const lock = parts_->lock();
    parts_->desk.forget();
}

bool segment_service::wait_for(std::chrono::milliseconds limit, std::function<bool(segment_counts const&)> done) const {
    auto lock = parts_->lock();
    return parts_->desk.changed.wait_for(lock, limit, [&] { return done(parts_->desk.counts()); });
}

}  // namespace traitsync::demo
