//go:build gophernotes

package main

import (
	"fmt"
	"log"
	"strings"
	"sync"

	"github.com/go-zeromq/zmq4"

	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/cell"
)

// queue is the shell socket, and knows the requests that came while a cell ran: when it fails, the cells behind it are
// answered as aborted, as Jupyter's protocol has it, so that "run all" ends there. It drops messages that are malformed or
// not signed with the key, at which gophernotes would end.
type queue struct {
	zmq4.Socket
	key []byte

	mu      sync.Mutex
	changed *sync.Cond
	waiting []request
	last    request         // which Recv returned last
	aborted map[string]bool // ids of cells
}

// request is what the socket received.
type request struct {
	header MsgHeader
	msg    zmq4.Msg
}

// shellQueue is the kernel's.
var shellQueue *queue

// queued takes the place of the shell socket.
func queued(s zmq4.Socket, key []byte) zmq4.Socket {
	shellQueue = &queue{Socket: s, key: key, aborted: map[string]bool{}}
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
			if err != nil {
				log.Fatalln("shell socket:", err) // nothing can reach the kernel any more
			}
			header, err := headerOf(msg, q.key)
			if err != nil {
				log.Println("shell socket:", err)
				continue
			}
			q.mu.Lock()
			q.waiting = append(q.waiting, request{header, msg})
			q.mu.Unlock()
			q.changed.Signal()
		}
	}()
	return nil
}

// headerOf is the header of a request.
func headerOf(msg zmq4.Msg, key []byte) (header MsgHeader, err error) {
	defer func() {
		if r := recover(); r != nil { // gophernotes takes frames for granted
			err = fmt.Errorf("a malformed message: %v", r)
		}
	}()
	parsed, _, err := WireMsgToComposedMsg(msg.Frames, key)
	if _, ok := parsed.Content.(map[string]interface{}); !ok && err == nil {
		err = fmt.Errorf("a %s whose content is no object", parsed.Header.MsgType)
	}
	return parsed.Header, err
}

// Recv returns the next request.
func (q *queue) Recv() (zmq4.Msg, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 {
		q.changed.Wait()
	}
	q.last, q.waiting = q.waiting[0], q.waiting[1:]
	return q.last.msg, nil
}

// SendMulti sends an answer. A client that has gone away, as a page that was closed, does without: gophernotes would end.
func (q *queue) SendMulti(msg zmq4.Msg) error {
	if err := q.Socket.SendMulti(msg); err != nil {
		log.Println("shell socket:", err)
	}
	return nil
}

// abort aborts the cells that have come, but for the one that is at work. gophernotes may have taken one more.
func (q *queue) abort(current string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range append([]request{q.last}, q.waiting...) {
		if r.header.MsgType == "execute_request" && r.header.MsgID != current {
			q.aborted[r.header.MsgID] = true
		}
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

// contain answers a request on the shell socket whose handling panicked, as that of one without what its kind is to have:
// gophernotes would end.
func contain(receipt *msgReceipt) {
	if r := recover(); r != nil {
		kind := strings.TrimSuffix(receipt.Msg.Header.MsgType, "_request") + "_reply"
		content := map[string]interface{}{"status": "error", "ename": "ERROR", "evalue": cell.Text(r), "traceback": []string{}}
		if err := receipt.Reply(kind, content); err != nil {
			log.Println(kind, err)
		}
	}
}
