using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Engine.Decoding.Isolation;

/// <summary>The first frame to a child: how it is to decode.</summary>
/// <param name="Options">The run's options.</param>
/// <param name="Specs">The inputs to prepare.</param>
internal sealed record ChildSetup(ImagingOptions Options, IReadOnlyList<PixelSpec> Specs);
