// Package show makes values visible in notebooks: graphs, nodes, tensors, variables, metrics, pictures and errors. The kernel shows the value
// of a cell by it; in the middle of a cell Display does.
//
//	show.Graph(g, show.GraphConfig{})              the structure as a picture that unfolds scope by scope
//	show.Node(loss)                                name, op, shape, inputs, readers
//	show.Tensor(x, show.TensorConfig{})            shape, first elements, statistics, histogram, or images
//	show.Variables(g, show.VariablesConfig{})      a table, with statistics of the values where there is a session
//	show.Session(sess)                             the same for all variables, and the memory
//	show.Feeds(feeds)                              what a Run is given
//	show.Set(set)                                  a data set
//	show.Metrics(values)                           named numbers
//	show.Images(x, show.ImagesConfig{})            images with labels and predictions
//	show.Boxes(picture, found, show.BoxesConfig{}) boxes that were found beside the true ones
//	show.Error(err)                                a message and where in the graph it belongs
//	&show.Curves{}                                 a hook: learning curves that grow while Fit trains
//
// What is shown is limited, and says so. It is the same on every machine. Nothing here writes to a value that it shows, and names from files,
// which may hold anything, are shown as text. Each form has a plain text beside it, which is what a program sees that prints it.
package show
