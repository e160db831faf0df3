//go:build gophernotes

package main

import (
	"log"
	"os"

	"github.com/go-zeromq/zmq4"
)

// serveControl answers what comes on the control socket while cells run. gophernotes itself looks at that socket between
// cells only, where an interruption is of no use, and answers on the wrong one.
func serveControl(sockets SocketGroup) {
	for {
		frames, err := sockets.ControlSocket.Socket.Recv()
		if err != nil {
			log.Println("control socket:", err)
			return
		}
		answerControl(frames.Frames, sockets)
	}
}

// answerControl answers one message. Of one that is malformed it only says so: gophernotes takes frames for granted.
func answerControl(frames [][]byte, sockets SocketGroup) {
	defer func() {
		if r := recover(); r != nil {
			log.Println("control socket:", r)
		}
	}()
	msg, ids, err := WireMsgToComposedMsg(frames, sockets.Key)
	if err != nil {
		log.Println("control socket:", err)
		return
	}
	receipt := msgReceipt{msg, ids, sockets}
	switch msg.Header.MsgType {
	case "interrupt_request":
		interrupter.Interrupt()
		receipt.replyControl("interrupt_reply", map[string]interface{}{"status": "ok"})
	case "shutdown_request":
		content, _ := msg.Content.(map[string]interface{})
		receipt.replyControl("shutdown_reply", map[string]interface{}{"status": "ok", "restart": content["restart"]})
		os.Exit(0)
	}
}

// replyControl is Reply for the control socket.
func (receipt *msgReceipt) replyControl(kind string, content interface{}) {
	msg, err := NewMsg(kind, receipt.Msg)
	if err != nil {
		log.Println(kind, err)
		return
	}
	msg.Content = content
	err = receipt.Sockets.ControlSocket.RunWithSocket(func(s zmq4.Socket) error { return receipt.SendResponse(s, msg) })
	if err != nil {
		log.Println(kind, err)
	}
}
