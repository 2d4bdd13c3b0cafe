// Package proxy stands between the HTTP client of the service and a sandbox and
// spoils what passes (故障代理): by rules, with a seed, and counting what it did, so
// that a test can say which faults were met and survived.
//
// There are two ways in. Proxy.Listen opens a Gate, a real address on loopback
// that speaks HTTP/1.1, with TLS also HTTP/2, and breaks real connections: a cut
// is a FIN, a reset an RST, a GOAWAY a frame. Proxy.Do is the same inside the
// process, without sockets, for tests in a testing/synctest bubble; it fails as an
// http.Client does when it meets the fault.
//
// The proxy never repeats a request, and it hands a request on only when it has
// read the whole of it. Delays last real time, as a network's do; only the windows
// of the rules are read on the injected clock.
//
// Read rule.go (what can be asked for), proxy.go (which rule a request meets),
// carry.go (one request and its answer) and doer.go (inside the process); then
// gate.go, handler.go, link.go, frames.go and certificate.go (over sockets).
package proxy
