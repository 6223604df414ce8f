// What the webmail is told of a request. CloudFront forwards its own CloudFront-Viewer-Address only together with a chosen few headers
// or with Host, which API Gateway refuses: so the address travels under a name of ours. What a client wrote there is overwritten.
function handler(event) {
    var request = event.request;
    request.headers['x-forwarded-host'] = { value: request.headers.host.value };
    request.headers['x-viewer-address'] = { value: event.viewer.ip };
    return request;
}
