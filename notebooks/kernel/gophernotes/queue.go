//go:build gophernotes

package main

import (
	"sync"

	"github.com/go-zeromq/zmq4"
)

// queue is the shell socket, and knows the requests that came while a cell ran: when it fails, the cells behind it are
// answered as aborted, as Jupyter's protocol has it, so that "run all" ends there.
type queue struct {
	zmq4.Socket

	mu      sync.Mutex
	changed *sync.Cond
	waiting []request
	last    string          // id of the request that Recv returned last
	aborted map[string]bool // by id
}

// request is what the socket received.
type request struct {
	id  string
	msg zmq4.Msg
	err error
}

// shellQueue is the kernel's.
var shellQueue *queue

// queued takes the place of the shell socket.
func queued(s zmq4.Socket) zmq4.Socket {
	shellQueue = &queue{Socket: s, aborted: map[string]bool{}}
	shellQueue.changed = sync.NewCond(&shellQueue.mu)
	return shellQueue
}

// Listen listens as the socket does, and begins to take what comes.
func (q *queue) Listen(address string) error {
	if err := q.Socket.Listen(address); err != nil {
		return err
	}
	go func() {
		for {
			msg, err := q.Socket.Recv()
			q.mu.Lock()
			q.waiting = append(q.waiting, request{requestID(msg), msg, err})
			q.mu.Unlock()
			q.changed.Signal()
			if err != nil {
				return
			}
		}
	}()
	return nil
}

// requestID is the id in a message's header; "" if it is none.
func requestID(msg zmq4.Msg) (id string) {
	defer func() { recover() }() // gophernotes takes frames for granted
	parsed, _, _ := WireMsgToComposedMsg(msg.Frames, nil)
	return parsed.Header.MsgID
}

// Recv returns the next request, and an error of the socket from then on.
func (q *queue) Recv() (zmq4.Msg, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 {
		q.changed.Wait()
	}
	next := q.waiting[0]
	if next.err == nil {
		q.waiting = q.waiting[1:]
	}
	q.last = next.id
	return next.msg, next.err
}

// abort aborts the requests that have come, but for the one that is at work. gophernotes may have taken one more.
func (q *queue) abort(current string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.waiting {
		q.aborted[r.id] = true
	}
	if q.last != current {
		q.aborted[q.last] = true
	}
}

// refuses answers a cell that was aborted, and tells whether it did.
func (q *queue) refuses(receipt *msgReceipt) (bool, error) {
	q.mu.Lock()
	aborted := q.aborted[receipt.Msg.Header.MsgID]
	delete(q.aborted, receipt.Msg.Header.MsgID)
	q.mu.Unlock()
	if !aborted {
		return false, nil
	}
	return true, receipt.Reply("execute_reply", map[string]interface{}{"status": "aborted", "execution_count": ExecCounter})
}
