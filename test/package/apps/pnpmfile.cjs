// Removes the optional peer from our package, so that pnpm does not link sdk-logs.
function readPackage(packageJson) {
  if (packageJson.name === 'opentelemetry-exporter-slack') {
    delete packageJson.peerDependencies['@opentelemetry/sdk-logs'];
    delete packageJson.peerDependenciesMeta;
  }
  return packageJson;
}

module.exports = { hooks: { readPackage } };
