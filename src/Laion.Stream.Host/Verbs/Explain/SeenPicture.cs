using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>A picture file after decode and models.</summary>
/// <param name="Picture">The decode stage's outcome; its pixels have been returned.</param>
/// <param name="Crop">Path of the crop that was written, or null.</param>
/// <param name="Reason">Why a row with this picture would be dropped whatever its caption is, or <see cref="DropReason.None"/>.</param>
/// <param name="Scores">Null without models, and for a picture that was not decoded or that a model failed on.</param>
internal sealed record SeenPicture(ImageExplanation Picture, string? Crop, DropReason Reason, Scores? Scores);
