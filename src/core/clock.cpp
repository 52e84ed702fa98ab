#include "traitsync/core/clock.hpp"

#include <algorithm>

namespace traitsync {
namespace {

class machine_clock final : public clock {
public:
    wall_time wall() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    steady_time steady() const override { return std::chrono::steady_clock::now(); }
};

void put(char* to, unsigned number, int digits) {
    for (int i = digits - 1; i >= 0; --i) {
        to[i] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
}

}  // namespace

clock const& system_clock() {
    static machine_clock const machine;
    return machine;
}

std::string to_rfc3339(wall_time t) {
    using namespace std::chrono;
    t = from_millis(std::clamp(to_millis(t), first_millis, last_millis));
    auto const day = floor<days>(t);
    year_month_day const date{day};
    auto const ms = static_cast<unsigned>((t - day).count());
    std::string text = "0000-00-00T00:00:00.000Z";
    put(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put(text.data() + 5, static_cast<unsigned>(date.month()), 2);
    put(text.data() + 8, static_cast<unsigned>(date.day()), 2);
    put(text.data() + 11, ms / 3'600'000, 2);
    put(text.data() + 14, ms / 60'000 % 60, 2);
    put(text.data() + 17, ms / 1'000 % 60, 2);
    put(text.data() + 20, ms % 1'000, 3);
    return text;
}

}  // namespace traitsync
