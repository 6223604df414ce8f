// What the webmail is told of a request. A function may set no header that CloudFront sets itself, hence a name of our own.
function handler(event) {
    var request = event.request;
    request.headers['x-forwarded-host'] = { value: request.headers.host.value };
    request.headers['x-viewer-address'] = { value: event.viewer.ip };
    return request;
}
