using System.Text;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Localization;

namespace ClassActivation.Tests.Interchange;

/// <summary>Maps are written as NumPy reads them, and come back as they were.</summary>
public sealed class MapFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_as_numpy_writes_it()
    {
        using var stream = new MemoryStream();
        NpyFile.Write([1, 2, 3, 4, 5, -6.5f], 2, 3, stream);

        // The bytes of numpy.save of that array (format 1.0: the header padded to a multiple of 64).
        string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";
        byte[] expected =
        [
            0x93,
            .. "NUMPY"u8,
            1,
            0,
            118,
            0,
            .. Encoding.ASCII.GetBytes(header),
            .. new float[] { 1, 2, 3, 4, 5, -6.5f }.SelectMany(BitConverter.GetBytes)
        ];
        Assert.Equal(expected, stream.ToArray());
    }

    [Theory]
    [InlineData("<f8", false, "(2, 3)")]
    [InlineData(">f8", false, "(1, 2, 3)")]
    [InlineData("<f8", true, "(2, 3)")]
    [InlineData("<f4", false, "(1, 1, 2, 3,)")]
    [InlineData(">f4", true, "(2, 3)")]
    [InlineData("<f2", false, "(2, 3)")]
    [InlineData("|u1", false, "(2, 3)")]
    public void Other_types_and_orders_are_read(string type, bool isFortran, string shape)
    {
        double[] inOrder = isFortran ? [1, 4, 2, 5, 3, 6] : [1, 2, 3, 4, 5, 6];
        byte[] values = [.. inOrder.SelectMany(value => type[1..] switch
        {
            "f8" => BitConverter.GetBytes(value),
            "f4" => BitConverter.GetBytes((float)value),
            "f2" => BitConverter.GetBytes((Half)value),
            _ => [(byte)value],
        } is var bytes && type[0] == '>' ? bytes.Reverse() : bytes)];
        using var stream = new MemoryStream(Npy($"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}", values));

        (float[] read, int rows, int columns) = NpyFile.Read(stream, "x");

        Assert.Equal((2, 3), (rows, columns));
        Assert.Equal([1, 2, 3, 4, 5, 6], read);
    }

    [Theory]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), }", "type '<i8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", "no type or shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "its shape is (6)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }", "its shape is (2, 2, 3)")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }", "its shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 3), }", "no map")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 30), }", "ends too soon")]
    [InlineData("pickle", "no type or shape")]
    public void Other_contents_are_refused(string header, string expected)
    {
        using var stream = new MemoryStream(Npy(header, new byte[24]));

        string message = Assert.Throws<InvalidDataException>(() => NpyFile.Read(stream, "a.npy")).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("'a.npy'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_known_of_a_map_comes_back()
    {
        ClassActivationMap map = SyntheticMap.Of(
            [-1.5f, float.Epsilon, 1f / 3, float.MaxValue, 0, -0f], 2, 3, 640, 427, new PhotoRegion(1.25, 1.0 / 3, 600, 400),
            "/photos/ü \"x\".jpg");
        string path = _folder.File("map.npy");
        Write(map, path);

        ClassActivationMap read = MapFile.Read(path);

        Assert.Equal(map.Values.Select(BitConverter.SingleToInt32Bits), read.Values.Select(BitConverter.SingleToInt32Bits));
        foreach (System.Reflection.PropertyInfo property
            in typeof(ClassActivationMap).GetProperties().Where(p => p.Name is not ("Map" or "Activation")))
        {
            Assert.Equal(property.GetValue(map), property.GetValue(read));
        }
    }

    [Theory]
    [InlineData("\"photoWidth\": 640", "\"photoWidth\": 5")]
    [InlineData("\"inputWidth\": 3", "\"inputWidth\": 0")]
    [InlineData("\"label\": \"wallaby\"", "\"label\": null")]
    [InlineData("\"method\": \"Cam\"", "\"method\": 99")]
    [InlineData("\"method\": \"Cam\"", "\"method\": \"Guess\"")]
    [InlineData("\"rank\": 1,", "")]
    public void A_description_that_cannot_be_is_refused(string old, string replacement)
    {
        string path = _folder.File("map.npy");
        Write(SyntheticMap.Of([1, 2, 3, 4, 5, 6], 2, 3, 640, 427), path);
        string description = File.ReadAllText(MapFile.DescriptionOf(path));
        Assert.Contains(old, description, StringComparison.Ordinal);
        File.WriteAllText(MapFile.DescriptionOf(path), description.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Contains("map.json", Assert.Throws<InvalidDataException>(() => MapFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static void Write(ClassActivationMap map, string path)
    {
        using (FileStream values = File.Create(path))
        {
            MapFile.WriteValues(map, values);
        }

        using FileStream description = File.Create(MapFile.DescriptionOf(path));
        MapFile.WriteDescription(map, description);
    }

    private static byte[] Npy(string header, byte[] values) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), 0, .. Encoding.ASCII.GetBytes(header), (byte)'\n', .. values];
}
