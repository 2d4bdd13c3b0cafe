// Command qingfeng is the one binary of the service and the operator's interface
// to it. It is the only place that reads flags, the environment and the wall
// clock, and the place where the packages are joined.
//
// Read main.go, root.go and config.go for what a command is; office.go,
// register.go, library.go and years.go for how the domain is joined; clock.go for
// the times it may run on; service.go, intake.go and http.go for the running
// service; socket.go for how a command reaches it. Each command has a file of its
// name.
package main
