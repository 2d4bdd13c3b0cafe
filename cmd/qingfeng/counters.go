package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// counters count what happens while a service runs. What lies in the store is read by
// metrics when somebody asks.
type counters struct {
	sends   *prometheus.CounterVec
	waits   prometheus.Counter
	waited  prometheus.Counter
	commits prometheus.Histogram
	changes prometheus.Histogram

	feeds     *prometheus.CounterVec // of cases, by how reading one ended
	feedItems *prometheus.CounterVec

	stopping atomic.Bool  // the service was told to stop
	cut      atomic.Int64 // attempts since of which nobody knows how they ended
}

// ends are the results of attempts to send.
var ends = []reminders.Result{
	reminders.Sent, reminders.Partly, reminders.NotSent, reminders.Unknown, reminders.Wait, reminders.Unreachable, reminders.Moved, reminders.Refused,
}

// newCounters begins at zero, each lane and result by name: an alert can see the
// first refusal only as a rise from nothing.
func newCounters() *counters {
	c := &counters{
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qingfeng_sends_total", Help: "Attempts to send, edit or answer, by lane and result.",
		}, []string{"lane", "result"}),
		waits: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "qingfeng_waits_total", Help: "Times that the chat service asked to wait (429).",
		}),
		waited: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "qingfeng_waits_seconds_total", Help: "Seconds for which the chat service asked to wait.",
		}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "qingfeng_commit_seconds", Help: "Time that a group commit takes.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14),
		}),
		changes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "qingfeng_commit_changes", Help: "Records that a group commit writes.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 11),
		}),
		feeds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qingfeng_case_feed_reads_total", Help: "Attempts to read a feed of cases, by result.",
		}, []string{"result"}),
		feedItems: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qingfeng_case_feed_items_total", Help: "Items of feeds that became drafts, or to which the input guard objected.",
		}, []string{"result"}),
	}
	for _, result := range feedEnds {
		c.feeds.WithLabelValues(result)
	}
	for _, result := range []string{feedDrafted, feedSkipped} {
		c.feedItems.WithLabelValues(result)
	}
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		for _, result := range ends {
			c.sends.WithLabelValues(laneName(lane), string(result))
		}
	}
	return c
}

// collectors lists what a registry takes.
func (c *counters) collectors() []prometheus.Collector {
	return []prometheus.Collector{c.sends, c.waits, c.waited, c.commits, c.changes, c.feeds, c.feedItems}
}

// countedSender counts how attempts end.
type countedSender struct {
	dispatch.Sender
	counters *counters
}

// Send implements dispatch.Sender.
func (s countedSender) Send(ctx context.Context, d reminders.Delivery) reminders.Outcome {
	o := s.Sender.Send(ctx, d)
	s.counters.sends.WithLabelValues(laneName(d.Lane), string(o.Result)).Inc()
	if o.Result == reminders.Unknown && s.counters.stopping.Load() {
		s.counters.cut.Add(1)
	}
	if o.Result == reminders.Wait {
		s.counters.waits.Inc()
		s.counters.waited.Add(o.RetryAfter.Seconds())
	}
	return o
}

// timedEngine measures each commit.
type timedEngine struct {
	*bolt.Engine
	counters *counters
}

// Apply implements store.Engine.
func (e timedEngine) Apply(ctx context.Context, changes ...store.Change) error {
	began := time.Now()
	err := e.Engine.Apply(ctx, changes...)
	e.counters.commits.Observe(time.Since(began).Seconds())
	e.counters.changes.Observe(float64(len(changes)))
	return err
}
