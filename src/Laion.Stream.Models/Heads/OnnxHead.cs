using LaionStream.Models.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Heads;

/// <summary>A head that is an ONNX graph over embeddings [N, D].</summary>
internal sealed class OnnxHead : IEmbeddingHead
{
    private readonly IModelRunner _runner;
    private readonly int _column;
    private readonly ScoreRules _rules;
    private BatchShape _shape;
    private readonly TensorBuffer _input;
    private readonly TensorBuffer _output;
    private readonly long[] _outputShape;
    private readonly int _width;
    private readonly float[] _row;

    /// <summary>Determines the output's width by running zeros.</summary>
    /// <exception cref="ModelException">It takes embeddings of another width, or returns fewer numbers than the rules read.</exception>
    public OnnxHead(IModelRunner runner, int width, int column, ScoreRules rules, BatchShape shape)
    {
        TensorSpec input = runner.Signature.Inputs.FirstOrDefault(t => t.IsFloat && t.Dims.Count is 0 or 2)
            ?? throw new ModelException("Laion:Models:Path", $"{runner.Name} does not take embeddings: {string.Join("; ", runner.Signature.Inputs)}.");
        TensorSpec output = SignatureRules.ScoreOutput(runner.Signature)
            ?? throw new ModelException("Laion:Models:Path", $"{runner.Name} does not return floats: {string.Join("; ", runner.Signature.Outputs)}.");
        if (input.Fixed(1) is { } wanted && wanted != width)
        {
            throw new ModelException("Laion:Models:Path", $"{runner.Name} takes embeddings of {wanted} numbers, and CLIP here gives {width}.");
        }

        _runner = runner;
        _column = column;
        _width = width;
        _shape = input.Fixed(0) is { } rows ? BatchShape.Fixed(rows) : shape;
        _input = runner.Buffer(input);
        _output = runner.Buffer(output);
        _input.Reshape(_shape.Sizes[0], width);
        _input.Clear(0, _input.Count);
        try
        {
            _outputShape = runner.Probe([_input], output.Name);
        }
        catch (ModelRunException e)
        {
            throw new ModelException("Laion:Models:Path", $"{e.Message} (on embeddings of {width} numbers)", e);
        }

        _row = new float[_outputShape.Length < 2 ? 1 : (int)_outputShape[^1]];
        _rules = rules.CheckedFor(runner.Name, _row.Length);
    }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> rows, ReadOnlySpan<float> embeddings, IReadOnlyList<string?> texts, IReadOnlyList<RowScores> scores,
        CancellationToken abort)
    {
        _shape = _shape.Now();
        while (!rows.IsEmpty)
        {
            ReadOnlySpan<int> chunk = rows[..Math.Min(rows.Length, _shape.Max)];
            try
            {
                RunChunk(chunk, embeddings, scores, abort);
                rows = rows[chunk.Length..];
            }
            catch (ModelRunException e) when (_shape.SmallerFor(e, chunk.Length) is { } smaller)
            {
                _shape = smaller;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private void RunChunk(ReadOnlySpan<int> chunk, ReadOnlySpan<float> embeddings, IReadOnlyList<RowScores> scores, CancellationToken abort)
    {
        int padded = _shape.Pad(chunk.Length);
        _input.Reshape(padded, _width);
        for (int i = 0; i < chunk.Length; i++) { Write(embeddings.Slice(chunk[i] * _width, _width), i * _width); }

        _input.Clear(chunk.Length * _width, (padded - chunk.Length) * _width);
        _outputShape[0] = padded;
        _output.Reshape(_outputShape);
        _runner.Run([_input], _output, abort);
        for (int i = 0; i < chunk.Length; i++)
        {
            _output.ReadFloats(i * _row.Length, _row);
            scores[chunk[i]].Set(_column, _rules.Read(_row));
        }
    }

    private void Write(ReadOnlySpan<float> embedding, int start)
    {
        if (_input.Type == TensorElementType.Float16)
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(embedding, _input.As<Half>()[start..]);
        }
        else
        {
            embedding.CopyTo(_input.As<float>()[start..]);
        }
    }
}
