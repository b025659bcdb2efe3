#:project ../../src/ClassActivation.Core/ClassActivation.Core.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// dotnet run docs/csharp/Explain.cs -- stranger.onnx photo.jpg overlay.png
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

string converted = Path.ChangeExtension(Path.GetFullPath(args[2]), ".onnx");
NetworkImporter.Convert(args[0], converted, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
using CamModel network = CamModel.Load(converted);
PhotoSource photo = PhotoSource.FromFile(Path.GetFullPath(args[1]));
ClassActivationMap map = new PhotoExplainer(network, new InputSettings()).Explain(photo, new MapRequest { Methods = [CamMethod.HiResCam] })[0];
Console.WriteLine($"{map.Label}: logit {map.Logit:0.000}, {map.Rows}x{map.Columns} values that leave {map.Incompleteness:e1} of it out");
using FileStream overlay = File.Create(args[2]);
PhotoEncoder.Encode(CamOverlay.Draw(map, photo, new OverlayOptions()), PictureFormat.Png, PhotoEncoder.DefaultQuality, overlay);
