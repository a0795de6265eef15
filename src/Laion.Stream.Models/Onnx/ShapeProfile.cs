using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>
/// The shapes that TensorRT builds an engine for: from one row to a full batch. Without them it would build anew, for minutes, whenever a shape outside those
/// seen before comes. Pure.
/// </summary>
/// <param name="Smallest">In TensorRT's notation, such as <c>pixel_values:1x3x224x224</c>.</param>
/// <param name="Usual">The shapes to be fastest with.</param>
/// <param name="Largest">The largest.</param>
internal sealed record ShapeProfile(string Smallest, string Usual, string Largest)
{
    /// <summary>For the free axes of a model.</summary>
    /// <param name="inputs">What the model's file declares.</param>
    /// <param name="rows">Rows of a full batch.</param>
    /// <param name="longest">Most tokens of a text.</param>
    /// <returns>Null when no axis is free, or one whose size is not known here.</returns>
    public static ShapeProfile? Of(IReadOnlyList<TensorSpec> inputs, int rows, int longest)
    {
        bool isFree = inputs.Any(input => input.Dims.Any(dim => dim <= 0));
        bool isKnown = inputs.All(input => input.Dims.Count > 0
            && input.Dims.Select((dim, axis) => dim > 0 || axis == 0 || (axis == 1 && input.IsInteger)).All(known => known));
        return isFree && isKnown ? new ShapeProfile(Shapes(inputs, 1, 2), Shapes(inputs, rows, Math.Min(longest, 32)), Shapes(inputs, rows, longest)) : null;
    }

    private static string Shapes(IReadOnlyList<TensorSpec> inputs, int rows, int tokens) => string.Join(',', inputs.Select(input =>
        $"{input.Name}:{string.Join('x', input.Dims.Select((dim, axis) => (dim > 0 ? dim : axis == 0 ? rows : tokens).ToString(CultureInfo.InvariantCulture)))}"));
}
