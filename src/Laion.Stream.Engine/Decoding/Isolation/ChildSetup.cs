using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Pictures.Storing;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The first frame to a child: how it is to decode.</summary>
/// <param name="Options">The run's options.</param>
/// <param name="Specs">The inputs to prepare.</param>
/// <param name="Resize">How to make the picture that the output stores; null to make none.</param>
internal sealed record ChildSetup(ImagingOptions Options, IReadOnlyList<PixelSpec> Specs, ResizeOptions? Resize = null);
