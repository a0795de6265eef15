namespace LaionStream.Models.Onnx;

/// <summary>
/// The smallest possible values for the inputs that one half of a combined model (pictures and text in one graph) does not use:
/// the runtime requires every input, and the output that is read does not depend on these.
/// </summary>
internal static class IdleInputs
{
    /// <summary>Length of the unused token row when the model leaves it free.</summary>
    private const int Tokens = 2;

    /// <summary>Width and height of an unused picture when the model leaves them free.</summary>
    private const int Side = 224;

    /// <summary>One filled buffer for each input that is not among those used.</summary>
    public static IEnumerable<TensorBuffer> For(ModelSignature model, params TensorSpec[] used)
    {
        foreach (TensorSpec input in model.Inputs.Where(i => !used.Contains(i)))
        {
            var buffer = new TensorBuffer(input.Name, input.Type);
            buffer.Reshape([.. input.Dims.Select((d, axis) => (long)(d > 0 ? d : axis == 0 ? 1 : input.IsInteger ? Tokens : axis == 1 ? 3 : Side))]);
            buffer.Clear(0, buffer.Count);
            if (input.IsInteger && SignatureRules.Role(input, null) == TextInput.Mask) { buffer.WriteIds(0, [.. Enumerable.Repeat(1, buffer.Count)]); }

            yield return buffer;
        }
    }
}
