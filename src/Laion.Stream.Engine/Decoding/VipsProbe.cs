namespace LaionStream.Engine.Decoding;

/// <summary>Whether libvips loads on this machine. Tests replace it.</summary>
internal delegate bool VipsProbe();
