using System.Text.Json;
using ClassActivation.Import;
using ClassActivation.Import.Keras;

namespace ClassActivation.Tests.Import;

/// <summary>Literals that JavaScript modules export.</summary>
public sealed class JavaScriptModuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""!function(e){module.exports=e()}(function(){return{1:[function(e,a){a.exports={a:.5,b:-.25,"c d":!0,e:!1,f:[1e3,'it\'s "x"']}},{}]}});""", """{"a":0.5,"b":-0.25,"c d":true,"e":false,"f":[1000,"it's \"x\""]}""")]
    [InlineData("""export default {"type" : "\x41\u0042\n"};""", """{"type":"AB\n"}""")]
    [InlineData("""exports.default = "QUJD"; other""", "\"QUJD\"")]
    public void A_literal_is_read_as_JSON(string module, string expected)
    {
        string path = Write(module);
        Assert.Equal(Compact(expected), Compact(JavaScriptModule.Read(path)));
    }

    [Theory]
    [InlineData("module.exports = require('x')")]
    [InlineData("exports = {a: 1")]
    [InlineData("exports = {a: 1 * 2}")]
    [InlineData("exports = 'unfinished")]
    [InlineData("""exports = "\u00""")]
    [InlineData("")]
    public void Anything_else_is_an_error(string module) =>
        Assert.Contains(
            "exports neither",
            Assert.Throws<ModelImportException>(() => JavaScriptModule.Read(Write(module))).Message,
            StringComparison.Ordinal);

    private static string Compact(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private string Write(string module)
    {
        string path = _folder.File("model.min.js");
        File.WriteAllText(path, module);
        return path;
    }
}
