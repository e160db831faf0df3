// Package image reads pictures, resizes them as other frameworks do, and augments them.
//
// A picture is an Image: float32 values by height, width and channel (HWC) or by channel, height and width (CHW), 1 to 4 channels.
// Open and Decode make one of a file: PNG, JPEG, GIF, BMP, WebP or TIFF, told apart by their content. A Config says what becomes of it on the
// way: orientation, size, channels, range. The one a pretrained net was trained with is a few words:
//
//	m, err := image.Open("dog.jpg", image.Config{Height: 224, Width: 224, Fit: image.Crop, Shorter: 256, Normalize: image.ImageNet})
//
// Folder and Files are dataset.Sources of such pictures; Prepare makes the same of arrays, such as MNIST. Augmentations are dataset.Transforms;
// Augment makes one of the usual ones:
//
//	transform := image.Augment(image.AugmentConfig{Shift: 2, Rotate: 10, FlipHorizontal: true, Cutout: 8})
//
// They go into the Map of dataset.Batches, which reads and changes pictures in the background.
//
// # What a Transform takes
//
// A Transform reads the layout from the Shape of the example: [height, width, channels] if the last size is 1 to 4, else [channels, height,
// width] if the first one is (so channels come first only in pictures that are wider than 4 pixels); [height, width] is a picture of one channel,
// and so is [n] where n is a square number, such as MNIST's 784. Anything else is an error.
//
// Transforms keep the layout, draw from Example.Rand only and allocate nothing once their memory has grown to the size of the pictures. One that
// was made with a wrong config returns the error each time it is called.
//
// # Coordinates
//
// Pixel (y, x) covers the square from (y, x) to (y+1, x+1); its centre is at +0.5. y grows downwards. Positive angles turn counterclockwise as
// seen on the screen, as in PIL and torchvision.
package image
