package training

import "github.com/pkg/errors"

// panicked makes an error of what a panic left. Printed with %+v it shows where that was.
func panicked(r any) error {
	if err, ok := r.(error); ok {
		return errors.Wrap(err, "panic")
	}
	return errors.Errorf("panic: %v", r)
}

// recovered, deferred, makes an error of a panic in what the caller gave: Data, Feed, a Metric.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = panicked(r)
	}
}

// recovered, deferred, makes an error of a panic in a hook, Data or Feed; describe says when it
// was.
func (l *Loop) recovered(err *error, describe func(error) error) {
	r := recover()
	if r == nil {
		return
	}
	*err = panicked(r)
	if l.calling != nil {
		*err = errors.WithMessagef(*err, "%T", l.calling)
	}
	*err = describe(*err)
}
