// Takes the optional peer away from our package, as if there were no sdk-logs for pnpm to find.
function readPackage(packageJson) {
  if (packageJson.name === 'opentelemetry-exporter-slack') {
    delete packageJson.peerDependencies['@opentelemetry/sdk-logs'];
    delete packageJson.peerDependenciesMeta;
  }
  return packageJson;
}

module.exports = { hooks: { readPackage } };
