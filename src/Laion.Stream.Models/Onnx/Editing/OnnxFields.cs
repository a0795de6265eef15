namespace LaionStream.Models.Onnx.Editing;

/// <summary>The numbers of onnx.proto's fields and element types that are used here.</summary>
internal static class OnnxFields
{
    public const int ModelIrVersion = 1;
    public const int ModelGraph = 7;
    public const int ModelOpsets = 8;
    public const int ModelFunctions = 25;

    public const int OpsetDomain = 1;
    public const int OpsetVersion = 2;

    public const int GraphNodes = 1;
    public const int GraphInitializers = 5;
    public const int GraphInputs = 11;
    public const int GraphOutputs = 12;
    public const int GraphValues = 13;
    public const int GraphSparse = 15;

    public const int NodeInputs = 1;
    public const int NodeOutputs = 2;
    public const int NodeName = 3;
    public const int NodeOperator = 4;
    public const int NodeAttributes = 5;
    public const int NodeDomain = 7;

    public const int AttributeName = 1;
    public const int AttributeFloat = 2;
    public const int AttributeInt = 3;
    public const int AttributeTensor = 5;
    public const int AttributeGraph = 6;
    public const int AttributeFloats = 7;
    public const int AttributeInts = 8;
    public const int AttributeGraphs = 11;
    public const int AttributeType = 20;

    public const int EntryKey = 1;
    public const int EntryValue = 2;

    public const int AttributeTypeFloat = 1;
    public const int AttributeTypeInt = 2;
    public const int AttributeTypeTensor = 4;
    public const int AttributeTypeInts = 7;

    public const int TensorDims = 1;
    public const int TensorType = 2;
    public const int TensorFloats = 4;
    public const int TensorInts = 5;
    public const int TensorInt64s = 7;
    public const int TensorName = 8;
    public const int TensorRaw = 9;
    public const int TensorExternal = 13;
    public const int TensorLocation = 14;

    public const int ValueName = 1;
    public const int ValueTypeProto = 2;
    public const int TypeTensor = 1;
    public const int TensorTypeElement = 1;
    public const int TensorTypeShape = 2;
    public const int ShapeDims = 1;
    public const int DimValue = 1;

    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int64 = 7;
    public const int Float16 = 10;
    public const int Double = 11;
    public const int BFloat16 = 16;
}
