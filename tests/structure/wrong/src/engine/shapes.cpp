// What coroutine_shapes.sh must find. Never compiled.
// if (co_await in_a_comment()) is fine
awaitable<void> shapes() {
    if (co_await ok()) co_return;
    auto a = c ? co_await b() : d;
    co_await post({.path = p});
    co_await post([x] { return x; });
    co_await post(request{p, b});
    if (a) co_await fine();
    while (f(a, (b))) co_await until(now + std::chrono::seconds{1});
    const bool also_fine = co_await ok();
}
